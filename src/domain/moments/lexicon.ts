import { searchable } from '#language/content-words.ts';
import { baseLanguage } from '#language/stop-words.ts';

/** What people say when something is worth hearing, and when it is not. Lower case, whole words. */
interface Lexicon {
  /** A claim, a lesson, a story or a surprise begins or ends here. */
  readonly cues: readonly string[];
  /** Business of the room: slides, microphones, breaks. */
  readonly housekeeping: readonly string[];
  /** An opening that leans on what was said before. */
  readonly openers: readonly string[];
  /** A pronoun for somebody or something named before; alone in the first words of a sentence it is unresolved. */
  readonly pronouns: readonly string[];
  /** The speaker turns to another subject. */
  readonly turns: readonly string[];
  /** Numbers in words. */
  readonly numbers: readonly string[];
  /** The listener is spoken to, or the speaker tells what happened to them. */
  readonly persons: readonly string[];
}

const phrases = (text: string): readonly string[] => text.split('|').map((phrase) => ` ${phrase.trim()} `);

const lexicons: Readonly<Record<string, Lexicon>> = {
  en: {
    cues: phrases(
      "the key|key takeaway|takeaway|the secret|secret|lesson|lessons|the secret|the trick|mistake|mistakes|surprising|surprised|surprise|most important|the truth|turns out|imagine|remember|nobody tells|no one tells|the reason|the problem|the point is|in other words|bottom line|the best|the worst|the biggest|the hardest|the fastest|the only|never forget|for the first time|what if|here is|here's|let me tell you|the story|i learned|we learned|i realized|we realized|changed how|changed everything|stop|instead of|the moment|the difference|is not about|isn't about|i was wrong|we were wrong|counterintuitive|paradox|myth|believe|never|the cost|expensive|hidden|the opposite|advice|if you remember|the answer",
    ),
    housekeeping: phrases(
      'um|uh|erm|next slide|this slide|the right slide|slides|microphone|muted|mute|can you hear|can everyone|hear me|screen|give me a moment|one moment|give me a second|where was i|sorry|a sip|coffee break|lunch|during the break|after the break|the recording|share my|let me find|let me just|housekeeping|welcome everyone|welcome back|thanks for coming|thank you for having|before we start|the agenda|questions at the end|great question|good question|subscribe|sponsor|sponsored',
    ),
    openers: phrases(
      "and|but|so|or|because|that|this|these|those|it|its|it's|they|he|she|them|which|then|also|anyway|anyways|okay|ok|well|yeah|yes|no|right|exactly|sure|again|now|as i said|like i said|for example|on the other hand|there|such|both|either",
    ),
    pronouns: phrases("it|it's|its|they|they're|them|their|he|he's|she|she's|him|her|his|this|these|those"),
    turns: phrases(
      "next topic|next subject|next slide|next part|next point|change the subject|moving on|move on to|turn to|let's talk about|let us talk about|another thing|another topic|the second thing|the third thing|the other thing|the second part|the third part|the last part|in the second half|chapter two|chapter three",
    ),
    numbers: phrases(
      'two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|percent|half|twice|double|dollars|euros|minutes|hours|years',
    ),
    persons: phrases("you|your|i|we|my|our|i'm|i've|we've|you're|me|us"),
  },
  de: {
    cues: phrases(
      'das wichtigste|der schlüssel|das geheimnis|der trick|der fehler|fehler|überraschend|überraschung|die wahrheit|stellt sich heraus|stell dir vor|stellen sie sich vor|der grund|das problem|im grunde|gelernt|die lektion|das beste|das schlimmste|zum ersten mal|was wäre wenn|niemand sagt|nie wieder|merken|gemerkt|der unterschied|ich habe mich geirrt',
    ),
    housekeeping: phrases(
      'äh|ähm|nächste folie|folie|folien|mikrofon|stumm|hören sie mich|hört ihr mich|einen moment|entschuldigung|bildschirm|pause|willkommen|herzlich willkommen|gute frage|agenda|aufzeichnung',
    ),
    openers: phrases(
      'und|aber|also|oder|weil|das|dies|diese|es|sie|er|dann|auch|genau|ja|nein|okay|gut|deshalb|dabei|dazu|so',
    ),
    pronouns: phrases('es|sie|er|ihn|ihm|ihnen|ihr|dies|diese|dieser|dieses'),
    turns: phrases(
      'nächstes thema|nächste thema|nächster punkt|nächste punkt|nächste folie|kommen wir zu|reden wir über|sprechen wir über|zum thema|ein anderes thema|der zweite teil|der dritte teil|zweitens|drittens|zum schluss',
    ),
    numbers: phrases(
      'zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwanzig|dreißig|hundert|tausend|million|millionen|prozent|hälfte|doppelt|euro',
    ),
    persons: phrases('du|dein|sie|ihr|ich|wir|mein|unser|mir|uns|euch'),
  },
  fr: {
    cues: phrases(
      "la clé|le secret|l'astuce|l'erreur|erreur|surprenant|surprise|le plus important|la vérité|en fait|imaginez|imagine|la raison|le problème|la leçon|j'ai appris|on a appris|le meilleur|le pire|pour la première fois|et si|personne ne|jamais|retenez|la différence",
    ),
    housekeeping: phrases(
      "euh|diapositive|diapo|micro|vous m'entendez|un instant|une seconde|désolé|pardon|écran|pause|bienvenue|bonne question|enregistrement",
    ),
    openers: phrases("et|mais|donc|ou|parce|ça|cela|ce|cette|il|elle|ils|elles|alors|aussi|oui|non|bon|voilà|c'est"),
    pronouns: phrases('il|elle|ils|elles|lui|leur|eux|celui-ci|ceux-ci'),
    turns: phrases(
      'prochain sujet|sujet suivant|point suivant|passons à|parlons de|changeons de sujet|la deuxième partie|la troisième partie|deuxièmement|troisièmement|pour finir',
    ),
    numbers: phrases(
      'deux|trois|quatre|cinq|six|sept|huit|neuf|dix|vingt|trente|cent|mille|million|millions|pour cent|moitié|double|euros',
    ),
    persons: phrases("vous|votre|tu|ton|je|j'ai|nous|notre|mon|moi"),
  },
  es: {
    cues: phrases(
      'la clave|el secreto|el truco|el error|error|sorprendente|sorpresa|lo más importante|la verdad|resulta que|imagina|imaginen|la razón|el problema|la lección|aprendí|aprendimos|lo mejor|lo peor|por primera vez|y si|nadie te|nunca|recuerda|recuerden|la diferencia|me equivoqué',
    ),
    housekeeping: phrases(
      'eh|em|diapositiva|micrófono|me escuchan|me oyen|un momento|un segundo|perdón|pantalla|pausa|descanso|bienvenidos|buena pregunta|grabación',
    ),
    openers: phrases('y|pero|así|o|porque|eso|esto|esta|este|él|ella|ellos|entonces|también|sí|no|bueno|vale|pues'),
    pronouns: phrases('él|ella|ellos|ellas|eso|esto|estos|esas|le|les'),
    turns: phrases(
      'siguiente tema|próximo tema|siguiente punto|pasemos a|hablemos de|cambiemos de tema|la segunda parte|la tercera parte|en segundo lugar|en tercer lugar|para terminar',
    ),
    numbers: phrases(
      'dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|veinte|treinta|cien|mil|millón|millones|por ciento|mitad|doble|euros',
    ),
    persons: phrases('tú|tu|usted|ustedes|yo|nosotros|mi|nuestro|me|nos'),
  },
};

const none: Lexicon = { cues: [], housekeeping: [], openers: [], pronouns: [], turns: [], numbers: [], persons: [] };

/** The lexicon of a language; an empty one where we have none, so that only language-neutral signals speak. */
export const lexiconOf = (language: string): Lexicon => lexicons[baseLanguage(language)] ?? none;

/** How many of the phrases the text holds, as whole words. */
export function found(list: readonly string[], text: string): number {
  const words = searchable(text);
  return list.filter((phrase) => words.includes(phrase)).length;
}

/** Whether the text begins with one of the phrases. */
export function begins(list: readonly string[], text: string): boolean {
  const words = searchable(text);
  return list.some((phrase) => words.startsWith(phrase));
}
