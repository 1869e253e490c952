using System.Diagnostics;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>Times bare matrix products of n x n matrices, by turns with OpenBLAS: a forward pass of n rows through a linear layer of n units is one, plus a bias.</summary>
internal static class ProductBenchmark
{
    private const int Samples = 9;

    public static void Run()
    {
        foreach (var threads in (int[])[1, 2])
        {
            Console.WriteLine(FormattableString.Invariant($"{threads} thread(s): peak {Peak.Measure(threads) / 1e9:F1} GFLOP/s"));
            foreach (var size in (int[])[128, 512, 1024, 2048])
                Compare(size, threads);
        }
    }

    private static void Compare(int size, int threads)
    {
        // The peers want some workload to start with.
        var workload = new Workload("product", 64, [4, 4, 1], 32, IsClassification: false);
        var folder = Directory.CreateTempSubdirectory("workload");
        var peers = new List<PeerProcess>();
        try
        {
            PeerProcess.WriteWorkload(workload, folder.FullName);
            peers.AddRange(Peer.All.Take(2).Select(kind => PeerProcess.Start(kind, folder.FullName, threads)).OfType<PeerProcess>());
            var network = Network.Create(size, [new DenseLayer(size)], seed: 1);
            using var workspace = network.CreateWorkspace(size, threads);
            var random = new Random(1);
            float[] inputs = [.. Enumerable.Range(0, size * size).Select(_ => random.NextSingle())];
            // Some tens of milliseconds.
            var repetitions = Math.Max(1, (int)(4e9 / Math.Pow(size, 3)));
            var times = new Dictionary<string, List<double>>();
            for (var sample = -2; sample < Samples; sample++)
            {
                network.Forward(inputs, workspace);
                var start = Stopwatch.GetTimestamp();
                for (var i = 0; i < repetitions; i++)
                    network.Forward(inputs, workspace);
                Add("ours", Stopwatch.GetElapsedTime(start).TotalSeconds / repetitions);
                foreach (var peer in peers)
                    Add(peer.Kind == Peer.PyTorch ? "OpenBLAS" : "OpenBLAS, AVX-512", peer.Ask($"product {size} {repetitions}")[0] / repetitions);

                void Add(string name, double seconds)
                {
                    if (sample < 0)
                        return;
                    if (!times.TryGetValue(name, out var samples))
                        times[name] = samples = [];
                    samples.Add(seconds);
                }
            }

            foreach (var (name, samples) in times)
                Console.WriteLine(FormattableString.Invariant($"{size,5} x {size,-5} {name,-18} {2.0 * size * size * size / samples.Order().ElementAt(samples.Count / 2) / 1e9,7:F1} GFLOP/s"));
        }
        finally
        {
            peers.ForEach(peer => peer.Dispose());
            folder.Delete(recursive: true);
        }
    }
}
