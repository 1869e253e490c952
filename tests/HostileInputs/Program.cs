// Usage: HostileInputs SAMPLES: gives every way into the library vectors, sizes and arrays that nobody should, so many of each, and prints a line for each way that held.
// What is wrong has to be refused in words, what is right has to come out right. A program of its own, since memory that is not ours ends the process.
// With SAMPLES = 0 it ends as a process does that touched foreign memory.

using System.Globalization;
using HostileInputs;

var samples = int.Parse(args[0], CultureInfo.InvariantCulture);
if (samples == 0)
    Environment.FailFast("asked to");
foreach (var (name, hold) in Ways.All)
{
    hold(samples);
    Console.WriteLine(name);
}
