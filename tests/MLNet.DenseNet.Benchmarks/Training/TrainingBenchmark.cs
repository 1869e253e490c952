using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>Times epochs of training, ours and the peers' by turns, against the floor that the processor's peak sets.</summary>
internal static class TrainingBenchmark
{
    private const int Samples = 7;

    // Before the runtime has compiled everything for good.
    private const int WarmUpSamples = 3;

    /// <param name="arguments">Workloads, else all, and numbers of threads, else one and two.</param>
    /// <param name="peerKinds">Whom to compare with.</param>
    public static void Run(BenchmarkArguments arguments, IReadOnlyList<Peer> peerKinds)
    {
        Console.WriteLine(Processor.Name);
        foreach (var threads in arguments.Numbers(1, 2))
        {
            var peak = Peak.Measure(threads);
            Console.WriteLine($"{threads} thread(s): peak {peak / 1e9:F1} GFLOP/s{(threads > 1 ? $", a cache line goes to the other core and back in {CoreDistance.MeasureNanoseconds():F0} ns" : "")}");
            foreach (var workload in arguments.Workloads())
                Compare(workload, threads, peak, peerKinds);
        }
    }

    private static void Compare(Workload workload, int threads, double peak, IReadOnlyList<Peer> peerKinds)
    {
        var folder = Directory.CreateTempSubdirectory("workload");
        var peers = new List<PeerProcess>();
        try
        {
            if (peerKinds.Count > 0)
            {
                PeerProcess.WriteWorkload(workload, folder.FullName);
                peers.AddRange(peerKinds.Where(peer => peer.HasNetwork(workload)).Select(peer => PeerProcess.Start(peer, folder.FullName, threads)).OfType<PeerProcess>());
                CheckLosses(workload, peers);
            }

            var times = new Dictionary<string, List<double>> { ["ours"] = [] };
            using var ours = new PausingTraining(workload, threads);
            for (var sample = -WarmUpSamples; sample < Samples; sample++)
            {
                Add("ours", ours.NextSample(), sample);
                foreach (var peer in sample < -1 ? [] : peers)
                {
                    // The peers' tiny epochs are long enough to time in fewer.
                    var epochs = Math.Min(workload.EpochsPerSample, 100);
                    Add(peer.Kind.Name, peer.Ask($"epochs {epochs}")[0] / epochs, sample);
                }
            }

            foreach (var (name, samples) in times)
            {
                var median = Turns.Median(samples);
                var ratio = name == "ours" ? "" : $", {median / Turns.Median(times["ours"]):F2} times ours";
                Console.WriteLine(FormattableString.Invariant(
                    $"{workload.Name,-4} {name,-26} {median * 1e3,10:F3} ms an epoch ({samples.Min() * 1e3:F3} to {samples.Max() * 1e3:F3}), {workload.Operations / median / 1e9,6:F1} GFLOP/s, {median * peak / workload.Operations,6:F2} times the floor{ratio}"));
            }

            void Add(string name, double seconds, int sample)
            {
                if (!times.TryGetValue(name, out var samples))
                    times[name] = samples = [];
                if (sample >= 0)
                    samples.Add(seconds);
            }
        }
        finally
        {
            peers.ForEach(peer => peer.Dispose());
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The same start weights lead to the same loss: at once, and after an epoch of the same steps where there is no dropout.</summary>
    private static void CheckLosses(Workload workload, List<PeerProcess> peers)
    {
        var network = workload.CreateNetwork();
        var before = Loss(workload, network);
        new NetworkTrainer(network, workload.Options(epochs: 1, threads: 1, shuffle: false)).Train(workload.CreateData());
        var after = Loss(workload, network);
        foreach (var peer in peers)
        {
            var theirs = peer.Ask("loss");
            Check(theirs[0], before, "at the start");
            if (peer.Kind.TrainsInOrder && workload.DropoutRate == 0)
                Check(theirs[1], after, "after an epoch");

            void Check(double loss, double expected, string when)
            {
                if (!(Math.Abs(loss - expected) <= 1e-3 * Math.Max(1, expected)))
                    throw new InvalidOperationException($"{workload.Name}: the loss of {peer.Kind.Name} {when} is {loss}, ours {expected}.");
            }
        }
    }

    /// <summary>The mean loss of all rows at prediction.</summary>
    private static double Loss(Workload workload, Network network)
    {
        var (outputs, predictions, sum) = (network.OutputShape.Size, network.Predict(workload.Features), 0.0);
        var classes = workload.IsClassification ? workload.Classes : null;
        var targets = workload.IsClassification ? null : workload.Targets;
        for (var i = 0; i < predictions.Length; i++)
        {
            var (row, output) = (i / outputs, i % outputs);
            if (classes is not null && !workload.IsTextbook)
            {
                if (output == classes[row])
                    sum -= Math.Log(predictions[i]);
                continue;
            }

            var target = classes is null ? targets![i] : output == classes[row] ? 1 : 0;
            sum += (predictions[i] - target) * (double)(predictions[i] - target) / outputs;
        }

        return sum / workload.Rows;
    }
}
