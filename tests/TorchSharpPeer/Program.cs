// Trains a workload with TorchSharp, for comparison, under the protocol of MLNet.DenseNet.Benchmarks/peers/peer.py.
// Usage: TorchSharpPeer FOLDER THREADS
// The first line of output is "ready", or why the native library cannot be loaded.

using System.Diagnostics;
using System.Globalization;
using MLNet.DenseNet.TorchSharpPeer;
using TorchSharp;

if (NativeLibraries.WhyNotLoaded() is { } reason)
{
    Console.WriteLine(reason);
    return 1;
}

torch.set_num_threads(int.Parse(args[1], CultureInfo.InvariantCulture));
torch.random.manual_seed(1);
var training = new Training(args[0]);
Console.WriteLine("ready");
while (Console.ReadLine() is { } line)
{
    var words = line.Split(' ');
    Console.WriteLine(string.Join(' ', (words[0] == "loss" ? Loss() : Epochs(int.Parse(words[1], CultureInfo.InvariantCulture))).Select(x => x.ToString("R", CultureInfo.InvariantCulture))));
}

return 0;

double[] Loss()
{
    var before = training.Measure();
    training.Epoch(shuffle: false);
    return [before, training.Measure()];
}

double[] Epochs(int count)
{
    var start = Stopwatch.GetTimestamp();
    for (var i = 0; i < count; i++)
        training.Epoch(shuffle: true);
    return [Stopwatch.GetElapsedTime(start).TotalSeconds];
}
