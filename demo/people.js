// @ts-check
/** Who there is in the demo: a teacher and a class, all of them in class 1. */

/**
 * @typedef {{ id: string, name: string, role: 'teacher' | 'student' }} Person
 */

/** The id of the one class of the demo. */
export const classId = '1';

/** @type {readonly Person[]} */
export const people = [
  { id: '1', name: 'Maren Lindqvist', role: 'teacher' },
  { id: '2', name: 'Jonas Okafor', role: 'student' },
  { id: '3', name: 'Aiko Tanaka', role: 'student' },
  { id: '4', name: 'Callum Reid', role: 'student' },
  { id: '5', name: 'Priya Raman', role: 'student' },
  { id: '6', name: 'Élodie Marchand', role: 'student' },
];

/**
 * @param {string | undefined} id
 * @returns {Person | undefined}
 */
export function findPerson(id) {
  return people.find((person) => person.id === id);
}

/**
 * @param {string} name
 * @returns {string} `ML` for Maren Lindqvist.
 */
export function initials(name) {
  return name
    .split(' ')
    .map((part) => part.charAt(0))
    .join('');
}
