import { describe, expect, it } from 'vitest';
import { stderrTail } from '#media/stderr-tail.ts';

describe('stderrTail', () => {
  it('keeps the last lines, without the tags and names of the recording', () => {
    const tail = stderrTail(["/recordings/it's mine.mp4"], 3);
    tail.take("Input #0, mov, from 'file:/recordings/it's mine.mp4':");
    tail.take('    title           : salaries 2026');
    tail.take('    a_key_of_sixteen_: secret');
    tail.take('                    : second line');
    tail.take('    I:         -20.9 LUFS');
    tail.take('[ass] cannot open /home/ann/fonts/x.ttf');
    expect(tail.lines()).toEqual([
      "Input #0, mov, from 'file:[file]':",
      '    I:         -20.9 LUFS',
      '[ass] cannot open [path]',
    ]);
    tail.take('Authorization: Bearer abc.def');
    expect(tail.lines()).toHaveLength(3);
    expect(tail.lines().at(-1)).toBe('Authorization: Bearer [redacted]');
  });

  it('reads how far the work is from progress lines, never backwards', () => {
    const tail = stderrTail([]);
    tail.take('size=N/A time=N/A bitrate=N/A speed=N/A');
    tail.take('frame=  10 fps=0.0 q=0.0 size=       0kB time=-00:00:00.04 bitrate=N/A');
    expect(tail.reachedMs).toBe(0);
    tail.take('frame= 100 fps=25 q=28.0 size=     256kB time=01:02:03.45 bitrate= 524.2kbits/s');
    tail.take('frame= 101 fps=25 q=28.0 size=     256kB time=01:02:03.40 bitrate= 524.2kbits/s');
    expect(tail.reachedMs).toBe(3_723_450);
    expect(tail.lines()).toEqual([]);
  });

  it('reads the CPU time that was taken, of the user and of the system', () => {
    const tail = stderrTail([]);
    expect(tail.cpuMs).toBe(0);
    tail.take('bench: utime=1.204s stime=0.056s rtime=0.700s');
    tail.take('bench: maxrss=49572kB');
    expect(tail.cpuMs).toBe(1_260);
    expect(tail.lines()).toEqual([]);
  });
});
