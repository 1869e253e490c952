// What to time, by the first argument:
//   training [W1 ...]   epochs of training against the floor, with one thread and with two
//   training1 [W1 ...]  the same with one thread alone
//   compare [W1 ...]    the same, by turns with PyTorch and scikit-learn (Debian's python3-torch, python3-sklearn, libopenblas0-openmp)
//   prediction          single rows and batches, next to ONNX Runtime and ML.NET's tree trainers
//   kernels             BenchmarkDotNet

using BenchmarkDotNet.Running;
using MLNet.DenseNet.Benchmarks;

switch (args.FirstOrDefault())
{
    case "training":
        TrainingBenchmark.Run(args[1..], withPeers: false, 1, 2);
        return 0;
    case "training1":
        TrainingBenchmark.Run(args[1..], withPeers: false, 1);
        return 0;
    case "compare":
        TrainingBenchmark.Run(args[1..], withPeers: true, 1, 2);
        return 0;
    case "prediction":
        PredictionBenchmark.Run();
        return 0;
    case "kernels":
        BenchmarkRunner.Run<KernelBenchmarks>(args: args[1..]);
        return 0;
    default:
        Console.Error.WriteLine("Usage: MLNet.DenseNet.Benchmarks training|training1|compare [WORKLOAD ...], prediction, or kernels");
        return 2;
}
