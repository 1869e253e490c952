// What to measure, by the first argument:
//   training [W1 ...] [1 2 ...]       epochs of training against the floor, by workload and number of threads
//   compare [--torchsharp] [W1 ...] [1 2 ...]
//                                     the same, by turns with PyTorch and scikit-learn (Debian's python3-torch, python3-sklearn, libopenblas0-openmp); and with
//                                     TorchSharp where asked for: its package is hundreds of megabytes, its native library needs GLIBCXX_3.4.32 (Debian 13, Ubuntu 24.04)
//   batches [W3 ... 1 2 ...]          the time of a row in batches of 32 to 4,096, by workload and number of threads
//   threads [W1 ...] [64 ...]         epochs on fixed numbers of threads and on the number that training finds, by workload and size of batches
//   prediction                        single rows and batches, next to ONNX Runtime and ML.NET's tree trainers
//   fit                               ML.NET's Fit, and how much of it the way from the cursor into the engine takes
//   optimizers [W3b ...]              what momentum, Nesterov's and Adam cost more than plain gradient descent
//   augmentation                      what augmented images and mixed rows cost more than an epoch of W3 without, on two threads
//   memory [W3 ...]                   the peak memory of a training against the sum of its parts (Linux)
//   streaming                         the memory and time of training from files, 2 million rows, next to few rows, to reading alone and to training alone (Linux)
//   scale                             how time and memory grow with rows, columns, hidden units and classes (Linux)
//   sparse                            epochs on sparse rows, and their memory (Linux), at 10 times the columns and 10 times fewer
//   products                          bare matrix products, by turns with OpenBLAS
//   shapes [--batches 64,128 ...] [--inputs ...] [--units ...] [--threads 2] [--picture shapes.svg]
//                                     bare matrix products of all sizes, where doubling a size lowers the rate, and a picture of the rates
//   busy [small ...]                  the default number of threads against each fixed one, with some of the processors busy, with several trainings at once, and under a quota of processor time (Linux)
//   defaults [--tables FOLDER] [--sets iris,xor ...] [--trainers DenseNeuralNet(),LightGbm ...] [--repetitions 2]
//                                     how well DenseNeuralNet() does by default: cross-validated, next to other settings, ML.NET's other trainers and scikit-learn's networks
//   images [fashion-28 "nothing set" ...]
//                                     how well DenseNeuralNet() does on images with nothing set, next to other networks (Fashion-MNIST is Debian's dataset-fashion-mnist)
//   intervals [FOLDER NAME ...]       how often prediction intervals hold the true value, on the tables of "defaults" or of a folder
//   anomalies [NAME ...]              how well anomalies are told from normal rows, next to ML.NET's RandomizedPca, on the tables whose names contain one of these words
//   ranking [DenseNeuralNet() LightGbm ...]
//                                     NDCG of rankings, next to ML.NET's rankers
//   multilabel [rules films ...]      several labels a row: how well DenseNeuralNetMultiLabel() does with nothing set, next to scikit-learn's networks (two of the sets need R and Debian's r-cran-dslabs, r-cran-modeldata)
//   kernels                           BenchmarkDotNet

using BenchmarkDotNet.Running;
using MLNet.DenseNet.Benchmarks;

switch (args.FirstOrDefault())
{
    case "training":
        TrainingBenchmark.Run(new(args[1..]), []);
        return 0;
    case "compare" when args.Contains("--torchsharp"):
        TrainingBenchmark.Run(new([.. args[1..].Where(arg => arg != "--torchsharp")]), [.. Peer.All, Peer.TorchSharp]);
        return 0;
    case "compare":
        TrainingBenchmark.Run(new(args[1..]), Peer.All);
        return 0;
    case "batches":
        BatchBenchmark.Run(new(args[1..]));
        return 0;
    case "threads":
        ThreadBenchmark.Run(new(args[1..]));
        return 0;
    case "prediction":
        PredictionBenchmark.Run();
        return 0;
    case "ranking":
        RankingBenchmark.Run(args[1..]);
        return 0;
    case "fit":
        FitBenchmark.Run();
        return 0;
    case "images":
        ImagesBenchmark.Run(args[1..]);
        return 0;
    case "optimizers":
        OptimizerBenchmark.Run(args[1..]);
        return 0;
    case "augmentation":
        AugmentationBenchmark.Run();
        return 0;
    case "memory":
        MemoryBenchmark.Run(args[1..]);
        return 0;
    case "memory-of" when args.Length == 3:
        // A process of its own, started by "memory".
        MemoryBenchmark.Measure(args[1], args[2]);
        return 0;
    case "streaming":
        StreamingBenchmark.Run();
        return 0;
    case "streaming-of" when args.Length == 3:
        // A process of its own, started by "streaming".
        StreamingBenchmark.Measure(args[1], args[2]);
        return 0;
    case "scale":
        ScaleBenchmark.Run();
        return 0;
    case "scale-of" when args.Length == 3:
        // A process of its own, started by "scale".
        ScaleBenchmark.Measure(args[1], args[2]);
        return 0;
    case "sparse":
        SparseBenchmark.Run();
        return 0;
    case "sparse-memory" when args.Length == 2:
        // A process of its own, started by "sparse".
        SparseBenchmark.Measure(int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    case "products":
        ProductBenchmark.Run();
        return 0;
    case "shapes" when ShapesBenchmark.Run(args[1..]):
        return 0;
    case "busy":
        BusyBenchmark.Run(args[1..]);
        return 0;
    case "busy-of" when args.Length == 3:
        // A process of its own, started by "busy".
        BusyBenchmark.Measure(args[1], args[2]);
        return 0;
    case "busy-load" when args.Length == 2:
        // A process of its own, started by "busy".
        BusyLoad.Compute(args[1]);
        return 0;
    case "defaults" when DefaultsBenchmark.Run(args[1..]):
        return 0;
    case "intervals":
        IntervalsBenchmark.Run(args[1..]);
        return 0;
    case "anomalies":
        AnomaliesBenchmark.Run(args[1..]);
        return 0;
    case "multilabel":
        MultiLabelBenchmark.Run(args[1..]);
        return 0;
    case "kernels":
        BenchmarkRunner.Run<KernelBenchmarks>(args: args[1..]);
        return 0;
    default:
        Console.Error.WriteLine("Usage: MLNet.DenseNet.Benchmarks training [WORKLOAD ... THREADS ...], compare [--torchsharp] [WORKLOAD ... THREADS ...], batches [WORKLOAD ... THREADS ...], threads [WORKLOAD ... BATCHSIZE ...], prediction, fit, optimizers [WORKLOAD ...], augmentation, memory [WORKLOAD ...], streaming, scale, sparse, products, shapes [--batches SIZE,...] [--inputs SIZE,...] [--units SIZE,...] [--threads N] [--picture FILE], busy [TRAINING ...], defaults [--tables FOLDER] [--sets NAME,...] [--trainers NAME,...] [--repetitions N], intervals [FOLDER NAME ...], anomalies [NAME ...], multilabel [NAME ...], or kernels");
        return 2;
}
