// The default preset by sharp: sharp_job.mjs IMAGE RUNS prints {"version": ..., "cpu_ms": [...]}.
//
// Three pipelines on one buffer, as its documentation has it, so that each may shrink while it
// decodes; its defaults, but no cache: a service does not see the same picture again. CPU time of the
// process, all threads, without starting Node; the first run is thrown away.
import { readFileSync } from "node:fs";
import sharp from "sharp";

sharp.cache(false);

const data = readFileSync(process.argv[2]);
const upright = () => sharp(data).rotate().flatten({ background: "#ffffff" });
const inside = (side) => ({ width: side, height: side, fit: "inside", withoutEnlargement: true });

async function job() {
  await upright().resize(inside(1024)).jpeg({ quality: 82 }).toBuffer();
  await upright().jpeg({ quality: 60 }).toBuffer();
  await upright().resize(inside(300)).jpeg({ quality: 80 }).toBuffer();
}

await job();
const times = [];
for (let run = 0; run < Number(process.argv[3]); ++run) {
  const start = process.cpuUsage();
  await job();
  const used = process.cpuUsage(start);
  times.push((used.user + used.system) / 1000);
}
console.log(JSON.stringify({ version: sharp.versions.sharp, cpu_ms: times }));
