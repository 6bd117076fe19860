import koffi from 'koffi';
import { z } from 'zod';

// libespeak-ng itself instead of its program: only the library tells at which sample each word begins.

const library = koffi.load(process.env.ESPEAK_LIB ?? 'libespeak-ng.so.1');
koffi.struct('espeak_EVENT', {
  type: 'int',
  uid: 'uint',
  text_position: 'int',
  length: 'int',
  audio_position: 'int',
  sample: 'int',
  user_data: 'void*',
  id: koffi.array('uint8', 8),
});
const callbackType = koffi.proto('int SynthCb(int16_t *wav, int n, espeak_EVENT *ev)');
const initialize = library.func('int espeak_Initialize(int output, int buflen, const char *path, int options)');
const setCallback = library.func('void espeak_SetSynthCallback(SynthCb *cb)');
const setVoice = library.func('int espeak_SetVoiceByName(const char *name)');
const setParameter = library.func('int espeak_SetParameter(int p, int v, int relative)');
const synthesize = library.func(
  'int espeak_Synth(const char *text, size_t size, uint position, int ptype, uint end, uint flags, void *uid, void *ud)',
);

const synchronous = 2;
const withPhonemes = 1;
const utf8 = 1;
const parameters = { rate: 1, pitch: 3 };
const eventBytes = 40;
const lastEvent = 0;

const eventShape = z.object({
  type: z.int(),
  text_position: z.int(),
  sample: z.int(),
  id: z.custom<Uint8Array | number[]>((value) => value instanceof Uint8Array || Array.isArray(value)),
});

/** Words have type 1 and `position`, which counts characters from 1; phonemes have type 7. */
export interface VoiceEvent {
  readonly type: number;
  readonly position: number;
  /** Where it begins. */
  readonly sample: number;
  readonly phoneme: string;
}

export interface Said {
  readonly samples: Int16Array;
  readonly events: readonly VoiceEvent[];
}

export interface Voice {
  readonly voice: string;
  readonly wordsPerMinute: number;
  readonly pitch: number;
}

/** Samples a second of the voice. */
export const rate = initialize(synchronous, 200, null, withPhonemes);

let chunks: Int16Array[] = [];
let events: VoiceEvent[] = [];
const callback = koffi.register((samples, count, list) => {
  if (count > 0 && samples) chunks.push(Int16Array.from(koffi.decode(samples, 'int16_t', count)));
  for (let at = 0; ; at += 1) {
    const event = eventShape.parse(koffi.decode(list, at * eventBytes, 'espeak_EVENT'));
    if (event.type === lastEvent) return 0;
    events.push({
      type: event.type,
      position: event.text_position,
      sample: event.sample,
      phoneme: Buffer.from(event.id).toString('latin1').replace(/\0.*$/s, ''),
    });
  }
}, koffi.pointer(callbackType));
setCallback(callback);

let speaking = '';

/** Speaks an ASCII text: its samples, and what begins at which of them. Throws for an unknown voice. */
export function say(text: string, { voice, wordsPerMinute, pitch }: Voice): Said {
  if (speaking !== voice && setVoice(voice) !== 0) throw new Error(`There is no voice ${voice}.`);
  speaking = voice;
  setParameter(parameters.rate, wordsPerMinute, 0);
  setParameter(parameters.pitch, pitch, 0);
  [chunks, events] = [[], []];
  const bytes = Buffer.from(`${text}\0`);
  if (synthesize(bytes, bytes.length, 0, 1, 0, utf8, null, null) !== 0) throw new Error(`Could not say: ${text}`);
  return { samples: joined(chunks), events };
}

function joined(parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
