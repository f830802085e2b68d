import type { Words } from './words.js';

const rules = new Intl.PluralRules('ar');
/** Arabic has six forms for a number. */
const count = (value: number, forms: Record<Intl.LDMLPluralRule, string>) =>
  forms[rules.select(value)].replace('#', value.toLocaleString('ar'));

export const words: Words = {
  status: {
    idle: 'جاهز',
    connecting: 'جارٍ الاتصال…',
    connected: 'مباشر',
    reconnecting: 'تُعاد المحاولة…',
    offline: 'لا توجد شبكة',
    refused: 'غير متاح',
    disconnected: 'غير متصل',
    disabled: 'متوقف',
  },
  explanation: {
    idle: 'يتصل عند الحاجة.',
    connecting: 'جارٍ الاتصال… لا يمكن الوصول إلى الخدمة بعد.',
    connected: 'كل شيء هنا محدَّث.',
    reconnecting: 'تُعاد محاولة الاتصال… عملك محفوظ.',
    offline: 'جهازك غير متصل بالشبكة. سيعود الاتصال تلقائيًا.',
    refused: 'لا تسمح الخدمة المباشرة لهذه الصفحة بالدخول.',
    disconnected: 'التحديثات المباشرة متوقفة.',
    disabled: 'لا توجد تحديثات مباشرة في هذه الصفحة.',
  },
  connection: 'الاتصال',
  backOnline: 'عاد الاتصال',
  retry: 'المحاولة الآن',
  since: (duration) => `منذ ${duration}`,
  latency: 'زمن الاستجابة',
  uptime: 'مدة الاتصال',
  received: 'المستلَم',
  sent: 'المرسَل',
  reconnections: 'مرات إعادة الاتصال',
  channels: 'القنوات',
  attempts: (value) =>
    count(value, {
      zero: 'لا محاولات',
      one: 'محاولة واحدة',
      two: 'محاولتان',
      few: '# محاولات',
      many: '# محاولة',
      other: '# محاولة',
    }),
  nextAttempt: (duration) => `التالية بعد ${duration}`,

  people: 'الحاضرون هنا',
  presence: { online: 'متصل', away: 'بعيد', busy: 'مشغول', offline: 'غادر' },
  you: 'أنت',
  nobody: 'لا أحد غيرك هنا',
  nobodyFound: 'لا أحد بهذا الاسم',
  crowded: 'عدد الحاضرين أكبر من أن تُذكر أسماؤهم',
  unavailable: 'لا يُعرف من هنا',
  more: (value) => `${value.toLocaleString('ar')} آخرون`,
  search: 'البحث عن أشخاص',

  notifications: 'الإشعارات',
  newNotifications: (value) =>
    count(value, {
      zero: 'لا جديد',
      one: 'إشعار جديد',
      two: 'إشعاران جديدان',
      few: '# إشعارات جديدة',
      many: '# إشعارًا جديدًا',
      other: '# إشعار جديد',
    }),
  close: 'إغلاق',
  open: 'فتح',
  contentReady: 'المحتوى جاهز',
  contentGenerated: (contentType) => `تم إنشاء ${contentType}`,
  tradeWon: (symbol) => `ربح: ${symbol}`,
  tradeLost: (symbol) => `خسارة: ${symbol}`,
  botFailed: (name) => `توقف ${name} بسبب خطأ`,
  strategyUpdated: (title) => `تم تحديث الاستراتيجية «${title}»`,

  tasks: 'التقدم',
  taskStatus: {
    pending: 'في الانتظار',
    running: 'قيد التنفيذ',
    completed: 'تم',
    failed: 'فشل',
    cancelled: 'أُلغي',
  },
  timeLeft: (duration) => `بقي نحو ${duration}`,
  tryAgain: 'إعادة المحاولة',

  live: 'مباشر',
  unread: (value) => `${value} غير مقروء`,
  viewers: (value) => `${value} يشاهدون`,
};
