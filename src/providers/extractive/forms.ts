/** What a language gives the ranking beyond its stop words. Forms are tested against single sentences. */
export interface Forms {
  /** Hesitations and false starts that print badly, each with the punctuation that belongs to it. */
  readonly fillers: readonly RegExp[];
  /** Openings that carry nothing: removed from every sentence, again and again. */
  readonly openings: RegExp;
  /** Conjunctions that tie a sentence to the one before: removed only where it stands first. */
  readonly ties: RegExp;
  /** Conjunctions that turn against the sentence before: neither is right without the other. */
  readonly contrasts: RegExp;
  /** Conjunctions that draw from the sentence before: it is not all without them. */
  readonly results: RegExp;
  /** Openings that lean on something said before, so that the sentence cannot stand first. */
  readonly leaning: RegExp;
  /** Words that point at something else: a sentence with one early cannot stand alone. */
  readonly vague: RegExp;
  /** Endings that promise something: what follows must follow. */
  readonly pointing: RegExp;
  /** What comes before a sentence that is worth repeating: "if you remember one thing, remember this". */
  readonly prefaces: RegExp;
  /** Words with which speakers sum up. */
  readonly conclusion: RegExp;
  /** Words with which speakers mark what matters. */
  readonly cues: RegExp;
  readonly numbers: RegExp;
  /** Greetings, thanks, slides, microphones. */
  readonly housekeeping: RegExp;
  /** Announcements of another subject. */
  readonly turns: RegExp;
  /** Words that may be a tag: names of things rather than of deeds. */
  readonly names: RegExp;
}
