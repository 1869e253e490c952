// What to time, by the first argument:
//   training [W1 ...]   epochs of training against the floor
//   compare [W1 ...]    the same, by turns with PyTorch and scikit-learn (Debian's python3-torch, python3-sklearn, libopenblas0-openmp)
//   prediction          single rows and batches, next to ONNX Runtime and ML.NET's tree trainers
//   kernels             BenchmarkDotNet

using BenchmarkDotNet.Running;
using MLNet.DenseNet.Benchmarks;

switch (args.FirstOrDefault())
{
    case "training":
        TrainingBenchmark.Run(args[1..], withPeers: false);
        return 0;
    case "compare":
        TrainingBenchmark.Run(args[1..], withPeers: true);
        return 0;
    case "prediction":
        PredictionBenchmark.Run();
        return 0;
    case "kernels":
        BenchmarkRunner.Run<KernelBenchmarks>(args: args[1..]);
        return 0;
    default:
        Console.Error.WriteLine("Usage: MLNet.DenseNet.Benchmarks training|compare [WORKLOAD ...], prediction, or kernels");
        return 2;
}
