// @ts-check
/** What the demo "generates": a practice sheet from a small stock of questions. A real host asks its model here. */

/** @type {Record<string, string[]>} */
const questions = {
  'rule of twelfths': [
    'Low water is 1.5 m at 11:52 and high water 10.9 m at 18:04. How high is the tide at 14:00?',
    'In which two hours of a rising tide does half of the range come in?',
    'A sill dries 3.2 m and your boat draws 1.4 m. At what height of tide do you clear it by half a metre?',
    'Name two places where the rule of twelfths must not be trusted, and say why.',
  ],
  'tidal streams': [
    'The atlas says 2.8 knots at springs and 1.3 at neaps. What do you expect halfway between?',
    'You steer 090° at 5 knots across a stream setting 180° at 2. Draw the hour, and read your course over ground.',
    'Wind against tide: what changes in the sea, and which hour would you choose for the headland?',
    'Why does the stream turn earlier close to the shore than in the middle of the bay?',
  ],
  'secondary ports': [
    'High water at the standard port is 06:12. The difference is −0035 at 06:00 and −0020 at 12:00. When is high water here?',
    'Interpolate the height difference for a tide of 9.4 m between 11.0 m (−0.8) and 8.1 m (−0.5).',
    'What does the time zone line at the head of the table ask of you in summer?',
    'You found 4.1 m by hand and the app says 4.3 m. Which do you take over the bar, and why?',
  ],
};

/**
 * @typedef {{ title: string, intro: string, questions: string[] }} Sheet
 */

/** What is said while a sheet is made, with how much of it is done by then. */
export const stages = [
  { progress: 12, message: 'Reading the class notes' },
  { progress: 37, message: 'Choosing questions' },
  { progress: 58, message: 'Writing worked answers' },
  { progress: 81, message: 'Checking heights against the tide tables' },
  { progress: 94, message: 'Laying out two pages' },
];

/**
 * @param {{ type: string, subject: string, topic: string }} request
 * @returns {Sheet}
 */
export function writeSheet({ type, subject, topic }) {
  return {
    title: `${topic}: ${type}`,
    intro: `For ${subject}. Work with pencil and tables first, then compare with the answers on the second page.`,
    questions: questions[topic.toLowerCase()] ?? [
      `Explain ${topic} to a crew member in three sentences.`,
      `Where did ${topic} come up in the last class, and what was decided there?`,
      `Find one case in which ${topic} does not hold, and say how you would notice.`,
      `Write a question about ${topic} that you could not have answered a week ago, and answer it.`,
    ],
  };
}
