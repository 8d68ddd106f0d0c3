// Two sounds, made here: no file to load, nothing to hear where the browser keeps silent.
const GOOD = [[880, 0, 0.09], [1320, 0.09, 0.12]]; // hertz, from, for how many seconds
const BAD = [[220, 0, 0.16], [196, 0.18, 0.2]];
let audio;

/** A high pair for "good", a low one for "look here"; resolves when it has sounded. */
export async function sound(good) {
  const tones = good ? GOOD : BAD;
  const ends = Math.max(...tones.map(([, from, length]) => from + length));
  document.documentElement.dataset.sounded = good ? "good" : "bad";
  try {
    audio ??= new AudioContext();
    if (audio.state === "suspended") await Promise.race([audio.resume(), rest(0.1)]);
    for (const tone of tones) play(...tone);
  } catch {
    return;
  }
  await rest(ends);
}

const rest = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

function play(hertz, from, length) {
  const [tone, volume] = [audio.createOscillator(), audio.createGain()];
  const start = audio.currentTime + from;
  tone.type = "triangle";
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0.2, start);
  volume.gain.exponentialRampToValueAtTime(0.001, start + length);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + length);
}
