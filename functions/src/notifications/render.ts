import type { MessageKey } from './model/messages.js';
import type { Values } from './model/format.js';

export interface Text {
  title: string;
  body: string;
}
type Texts = Readonly<Record<MessageKey, Text>>;

/** Each language in a file of its own, loaded when the first user of that language is notified. */
const LANGUAGES = {
  en: async (): Promise<Texts> => (await import('./locales/en.json', { with: { type: 'json' } })).default,
  ar: async (): Promise<Texts> => (await import('./locales/ar.json', { with: { type: 'json' } })).default,
  de: async (): Promise<Texts> => (await import('./locales/de.json', { with: { type: 'json' } })).default,
  es: async (): Promise<Texts> => (await import('./locales/es.json', { with: { type: 'json' } })).default,
  ja: async (): Promise<Texts> => (await import('./locales/ja.json', { with: { type: 'json' } })).default,
};
export type Language = keyof typeof LANGUAGES;
export const LANGUAGE_NAMES = Object.keys(LANGUAGES).filter((name): name is Language => Object.hasOwn(LANGUAGES, name));

const loaded: Partial<Record<Language, Promise<Texts>>> = {};

/** Loads the texts of a language, once per instance. */
export const loadTexts = (language: Language): Promise<Texts> => (loaded[language] ??= LANGUAGES[language]());

/** Renders a message in the phone's language, with its region's numbers and times; otherwise in English. */
export async function render(locale: string, key: MessageKey, values: Values): Promise<Text> {
  const { language, tag } = parseLocale(locale);
  // Loaded on first use: most functions send no notification.
  const [texts, { formatMessage }] = await Promise.all([loadTexts(language), import('./model/format.js')]);
  const { title, body } = texts[key];
  return { title: formatMessage(tag, title, values), body: formatMessage(tag, body, values) };
}

/** A phone may write its locale as Java does (`de_AT`), or an invalid one. */
function parseLocale(locale: string): { language: Language; tag: string } {
  const tag = locale.replaceAll('_', '-');
  const language = LANGUAGE_NAMES.find((name) => name === tag.split('-')[0]?.toLowerCase());
  if (language === undefined) return { language: 'en', tag: 'en' };
  try {
    return { language, tag: toKnownTag(language, new Intl.Locale(tag).region) };
  } catch {
    return { language, tag: language };
  }
}

/**
 * Returns the language with its region, or without one that the runtime does not know. A user can invent any number of
 * extensions and regions, and each distinct tag takes memory.
 */
function toKnownTag(language: Language, region: string | undefined): string {
  return region === undefined ? language : new Intl.NumberFormat(`${language}-${region}`).resolvedOptions().locale;
}
