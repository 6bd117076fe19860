import path from 'node:path';
import sharp from 'sharp';
import type { Slide } from './lecture.ts';

const colors = ['#17324d', '#3b1f4a', '#1f4a33', '#4a3b1f', '#4a1f2b', '#1f3a4a'];

/** Draws a slide of 1920 x 1080 as a PNG file; its path. */
export async function drawSlide(folder: string, slide: Slide, number: number): Promise<string> {
  const { topic, title, bullets } = slide;
  const file = path.resolve(folder, `${String(number).padStart(4, '0')}.png`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1920" height="1080">
    <rect width="1920" height="1080" fill="${colors[topic % colors.length]}"/>
    <rect width="1920" height="190" fill="#0008"/>
    <text x="100" y="130" font-family="DejaVu Sans" font-weight="bold" font-size="84" fill="#fff">${topic + 1}. ${escaped(title)}</text>
    <g font-family="DejaVu Sans">${bulletsOf(bullets)}</g>
    <text x="100" y="1040" font-family="DejaVu Sans" font-size="30" fill="#9ab">Synthetic lecture / slide ${number + 1}</text>
  </svg>`;
  await sharp(Buffer.from(svg)).png({ compressionLevel: 3 }).toFile(file);
  return file;
}

function bulletsOf(bullets: readonly string[]): string {
  let y = 300;
  return bullets
    .map((bullet) => {
      const dot = `<circle cx="130" cy="${y - 14}" r="9" fill="#ffb000"/>`;
      const lines = wrapped(bullet, 58).map(
        (line, at) => `<text x="170" y="${y + at * 60}" font-size="44" fill="#e8eef4">${escaped(line)}</text>`,
      );
      y += lines.length * 60 + 20;
      return dot + lines.join('');
    })
    .join('');
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function wrapped(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** Draws the head that moves in the camera's picture. */
export async function drawHead(file: string): Promise<void> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="280">
    <ellipse cx="120" cy="100" rx="72" ry="88" fill="#d9a57c"/><path d="M0 280 Q120 150 240 280 Z" fill="#345"/>
    <ellipse cx="95" cy="90" rx="9" ry="6" fill="#222"/><ellipse cx="145" cy="90" rx="9" ry="6" fill="#222"/>
    <path d="M95 135 Q120 150 145 135" stroke="#722" stroke-width="6" fill="none"/>
  </svg>`;
  await sharp(Buffer.from(svg)).png().toFile(file);
}
