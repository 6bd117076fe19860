import { box, ellipse, limb, type Outline, type Point, placed, polygon, ring, type Shape } from './drawing.ts';

/** How the presenter stands in one frame. All but `seconds` run from 0 to 1. */
export interface Pose {
  readonly seconds: number;
  /** How far the mouth is open. */
  readonly mouth: number;
  /** How far each hand is raised. */
  readonly left: number;
  readonly right: number;
  /** The downward beat of the hands and head on a word. */
  readonly beat: number;
  readonly blink: number;
}

const skin = 'c98f6b';
const shade = 'b37a58';
const hair = '2a1d1a';
const jumper = 'd9542b';
const sleeve = 'c2471f';

const wave = (seconds: number, period: number, phase = 0): number => Math.sin((seconds / period + phase) * 2 * Math.PI);

/**
 * The presenter and the room behind, from back to front. The origin is the middle of the head, which is 156 high; the
 * room reaches 420 to each side, 290 up and 420 down.
 */
export function presenter(pose: Pose): Shape[] {
  const { seconds, beat } = pose;
  const sway: Point = [6 * wave(seconds, 6.7) + 2.5 * wave(seconds, 2.3), 1.5 * wave(seconds, 3.9)];
  const turn = 0.035 * wave(seconds, 5.3, 0.2) + 0.02 * wave(seconds, 1.9);
  const nod: Point = [sway[0] * 1.25, sway[1] + 4 * beat];
  return [
    ...room().map((shape) => placed(shape, { at: [-sway[0] * 0.35, 0] })),
    ...torso(pose).map((shape) => placed(shape, { at: sway })),
    ...head(pose).map((shape) => placed(shape, { at: nod, turn })),
    ...hands(pose).map((shape) => placed(shape, { at: sway })),
  ];
}

function room(): Shape[] {
  return [
    { color: '31455e', outlines: [box([-520, -340], [1040, 860])] },
    { color: '3d5674', outlines: [box([-330, -250], [232, 330], 6)] },
    { color: '8fb3cf', outlines: [box([-319, -239], [100, 150]), box([-209, -239], [100, 150])] },
    { color: '7aa2c2', outlines: [box([-319, -79], [100, 148]), box([-209, -79], [100, 148])] },
    { color: 'c9a26b', outlines: [box([104, -96], [270, 12]), box([104, 60], [270, 12])] },
    { color: 'e0b64f', outlines: [box([114, -176], [22, 80]), box([262, -20], [26, 80])] },
    { color: 'b8503a', outlines: [box([140, -190], [18, 94]), box([228, -34], [30, 94])] },
    { color: '5c8f84', outlines: [box([162, -166], [28, 70]), box([114, -14], [24, 74])] },
    { color: 'e8e2d0', outlines: [box([194, -182], [18, 86]), box([142, -30], [20, 90]), box([168, -6], [54, 66])] },
    { color: '4d7a4f', outlines: plant([326, -110]) },
    { color: 'a5673f', outlines: [polygon([304, -130], [348, -130], [341, -96], [311, -96])] },
  ];
}

const plant = ([x, y]: Point): Outline[] =>
  [-44, -24, 0, 24, 44].map((lean) => [
    [x, y],
    [x + lean * 0.2 - 10, y - 40],
    [x + lean - 8, y - 70],
    [x + lean * 1.3, y - 92 + Math.abs(lean) * 0.6],
    [x + lean + 12, y - 62],
    [x + lean * 0.2 + 12, y - 30],
    [x, y],
  ]);

function torso({ left, right }: Pose): Shape[] {
  const lift = 5 * Math.max(left, right);
  const body: Outline = [
    [-34, 108],
    [-70, 128],
    [-150, 132 - lift],
    [-168, 196],
    [-186, 270],
    [-190, 380],
    [-190, 460],
    [-60, 460],
    [60, 460],
    [190, 460],
    [190, 380],
    [186, 270],
    [168, 196],
    [150, 132 - lift],
    [70, 128],
    [34, 108],
    [20, 130],
    [-20, 130],
    [-34, 108],
  ];
  return [
    { color: hair, outlines: [box([-84, -60], [168, 150], 60)] },
    { color: jumper, outlines: [body] },
    { color: shade, outlines: [box([-30, 40], [60, 92], 26)] },
    {
      color: 'f4ede0',
      outlines: [polygon([-36, 104], [-8, 138], [-44, 142]), polygon([36, 104], [8, 138], [44, 142])],
    },
  ];
}

function head({ seconds, mouth, blink, beat }: Pose): Shape[] {
  const gaze = 2.2 * wave(seconds, 4.4, 0.4);
  const open = 8 * (1 - blink) + 0.6;
  const brow = -3 * beat;
  return [
    { color: skin, outlines: [ellipse([-66, 6], 11, 17), ellipse([66, 6], 11, 17), ellipse([0, 0], 66, 80)] },
    { color: 'e8c15a', outlines: [ellipse([-67, 27], 5), ellipse([67, 27], 5)] },
    { color: hair, outlines: [fringe] },
    { color: hair, outlines: [browAt(-27, brow), browAt(27, brow)] },
    { color: 'f7f3ea', outlines: [ellipse([-27, 2], 12, open), ellipse([27, 2], 12, open)] },
    {
      color: '33231d',
      outlines: [ellipse([-27 + gaze, 2], 6.2, Math.min(6.6, open)), ellipse([27 + gaze, 2], 6.2, Math.min(6.6, open))],
    },
    { color: '20262e', outlines: [...ring([-27, 3], 23, 3), ...ring([27, 3], 23, 3), box([-5, 0], [10, 3])] },
    { color: shade, outlines: [nose] },
    ...lips(mouth),
  ];
}

const fringe: Outline = [
  [-72, 14],
  [-86, -92],
  [-30, -112],
  [4, -104],
  [52, -104],
  [88, -76],
  [72, 14],
  [66, -20],
  [52, -44],
  [30, -54],
  [-6, -34],
  [-48, -40],
  [-56, -34],
  [-64, -24],
  [-68, -6],
  [-72, 14],
];

const nose: Outline = [
  [-7, 30],
  [-4, 37],
  [4, 37],
  [8, 29],
  [5, 33],
  [-3, 33],
  [-7, 30],
];

const browAt = (x: number, lift: number): Outline => [
  [x - 18, -26 + lift],
  [x - 8, -35 + lift],
  [x + 8, -35 + lift],
  [x + 18, -26 + lift],
  [x + 8, -30 + lift],
  [x - 8, -30 + lift],
  [x - 18, -26 + lift],
];

function lips(open: number): Shape[] {
  const [half, drop] = [21 - 4 * open, 7 + 24 * open];
  const edge: Outline = [
    [-half, 50],
    [-8, 51 - 2 * open],
    [8, 51 - 2 * open],
    [half, 50],
    [8, 50 + drop],
    [-8, 50 + drop],
    [-half, 50],
  ];
  const lips: Shape = { color: '7c2a2a', outlines: [edge] };
  if (open < 0.3) return [lips];
  return [lips, { color: 'f5efe6', outlines: [box([-half * 0.55, 50.5], [half * 1.1, 2 + 3 * open], 1.5)] }];
}

function hands({ left, right, beat, seconds }: Pose): Shape[] {
  return [...arm(-1, left, beat, seconds), ...arm(1, right, beat, seconds + 1.7)];
}

/** One arm; `side` is -1 for the left of the picture. Lowered, it ends below the frame. */
function arm(...[side, raised, beat, seconds]: [side: number, raised: number, beat: number, seconds: number]): Shape[] {
  const shoulder: Point = [side * 146, 186];
  const elbow: Point = [side * (186 + 14 * raised), 330 - 24 * raised];
  const drift: Point = [8 * wave(seconds, 3.1), 6 * wave(seconds, 2.2)];
  const wrist: Point = [side * (150 - 24 * raised) + drift[0], 470 - 250 * raised + 15 * beat * raised + drift[1]];
  const palm: Point = [wrist[0] - side * 2, wrist[1] - 28];
  return [
    { color: sleeve, outlines: [...limb(shoulder, elbow, [40, 34])] },
    { color: sleeve, outlines: [...limb(elbow, wrist, [34, 22])] },
    { color: skin, outlines: [ellipse(palm, 20, 25), ...fingers(palm, side)] },
  ];
}

const fingers = ([x, y]: Point, side: number): Outline[] => [
  ...[-13, -4.5, 4.5, 13].flatMap((lean, n) =>
    limb([x + lean * 0.9, y - 14], [x + lean * 1.35, y - 40 - (n % 3 ? 5 : 0)], [6.4, 5.2]),
  ),
  ...limb([x - side * 12, y + 4], [x - side * 32, y - 14], [7.5, 5.5]),
];
