using System.Xml.Linq;

namespace MLNet.DenseNet.Engine.Tests;

/// <summary>The references between the engine's folders go one way, so that each can be read and tested knowing only those below it.</summary>
public class ArchitectureTests
{
    /// <summary>What each room may mention besides itself: folders with all rooms in them, or single types of others. The root's name is empty; "X/." is what lies in X itself.</summary>
    private static readonly Dictionary<string, (string[] Folders, string[] Types)> Allowed = new()
    {
        ["Numerics/Exact"] = ([], []),
        ["Numerics/Memory"] = ([], []),
        ["Numerics/Threads"] = (["Numerics/Memory"], []),
        ["Numerics/Simd"] = ([], []),
        ["Numerics/Vectors"] = (["Numerics/Memory", "Numerics/Simd"], []),
        ["Numerics/Sums"] = (["Numerics/Threads", "Numerics/Memory", "Numerics/Simd", "Numerics/Vectors"], []),
        ["Numerics/Random"] = (["Numerics/Memory", "Numerics/Simd", "Numerics/Vectors"], []),
        ["Numerics/Images"] = (["Numerics/Memory"], []),
        ["Numerics/Decompositions"] = (["Numerics/Vectors"], []),
        ["Numerics/Convolutions"] = (["Numerics/Memory", "Numerics/Simd"], []),
        ["Numerics/Channels"] = (["Numerics/Threads", "Numerics/Memory", "Numerics/Simd", "Numerics/Vectors", "Numerics/Sums"], []),
        ["Numerics/Pooling"] = (["Numerics/Simd", "Numerics/Vectors"], []),
        ["Numerics/Products"] = (["Numerics/Threads", "Numerics/Memory", "Numerics/Simd", "Numerics/Vectors"], []),
        ["Numerics/Sparse"] = (["Numerics/Threads", "Numerics/Memory", "Numerics/Simd", "Numerics/Vectors", "Numerics/Products"], []),
        ["Numerics/Tables"] = (["Numerics/Memory", "Numerics/Simd", "Numerics/Vectors"], []),
        ["Optimizers"] = (["Numerics/Exact", "Numerics/Memory", "Numerics/Products", "Numerics/Sparse", "Numerics/Sums", "Numerics/Threads", "Numerics/Simd", "Numerics/Vectors"], []),
        ["Schedules"] = (["Numerics/Exact", "Numerics/Simd", "Numerics/Vectors"], []),
        ["Augmentations"] = (["Numerics/Exact", "Numerics/Images", "Numerics/Memory", "Numerics/Random", "Numerics/Sums", "Numerics/Simd", "Numerics/Vectors"], ["Shape"]),
        // What a prediction is in the terms of ONNX: nodes and constants, whatever they come from.
        ["Onnx"] = ([], ["Shape"]),
        ["Activations"] = (["Numerics/Memory", "Numerics/Simd", "Numerics/Vectors", "Onnx"], []),
        // Properties of Loss name its kinds.
        ["Losses"] = (["Numerics/Exact", "Numerics/Memory", "Numerics/Simd", "Numerics/Vectors", "Activations", "Losses"], []),
        ["Losses/Classification"] = (["Numerics/Simd", "Numerics/Vectors", "Activations", "Losses/."], []),
        ["Losses/Deviances"] = (["Numerics/Simd", "Numerics/Vectors", "Activations", "Losses/."], []),
        ["Losses/Regression"] = (["Numerics/Simd", "Numerics/Vectors", "Losses/."], []),
        // The registry knows every kind.
        ["Layers"] = (["Numerics", "Onnx", "Activations", "Layers"], ["NetworkLayer", "Parameter", "Shape"]),
        ["Layers/Convolution"] = (["Numerics/Convolutions", "Numerics/Memory", "Numerics/Products", "Numerics/Random", "Numerics/Sums", "Numerics/Threads", "Numerics/Simd", "Numerics/Vectors", "Activations", "Onnx", "Layers/.", "Layers/Windows"], ["NetworkLayer", "Parameter", "Shape"]),
        ["Layers/Dense"] = (["Numerics/Memory", "Numerics/Random", "Numerics/Threads", "Numerics/Vectors", "Activations", "Onnx", "Layers/."], ["NetworkLayer", "Parameter", "Shape"]),
        ["Layers/Embedding"] = (["Numerics/Memory", "Numerics/Random", "Numerics/Sparse", "Numerics/Tables", "Numerics/Threads", "Onnx", "Layers/."], ["NetworkLayer", "Parameter", "Shape"]),
        ["Layers/Ensemble"] = (["Activations", "Onnx", "Layers/."], ["NetworkLayer", "Shape"]),
        ["Layers/Normalization"] = (["Numerics/Channels", "Numerics/Memory", "Numerics/Products", "Numerics/Random", "Numerics/Sparse", "Numerics/Threads", "Numerics/Simd", "Numerics/Vectors", "Onnx", "Layers/."], ["NetworkLayer", "Parameter", "Shape"]),
        ["Layers/Pooling"] = (["Numerics/Memory", "Numerics/Pooling", "Numerics/Threads", "Onnx", "Layers/.", "Layers/Windows"], ["NetworkLayer", "Shape"]),
        ["Layers/Recurrent"] = (["Numerics/Memory", "Numerics/Products", "Numerics/Random", "Numerics/Sparse", "Numerics/Sums", "Numerics/Threads", "Numerics/Simd", "Numerics/Vectors", "Activations", "Onnx", "Layers/."], ["NetworkLayer", "Parameter", "Shape"]),
        ["Layers/Residual"] = (["Numerics/Memory", "Numerics/Random", "Numerics/Sparse", "Numerics/Sums", "Numerics/Threads", "Numerics/Vectors", "Onnx", "Layers/.", "Layers/Windows"], ["NetworkLayer", "Parameter", "Shape", "WeightInitialization"]),
        ["Layers/Regularization"] = (["Numerics/Random", "Onnx", "Layers/."], ["NetworkLayer", "Shape"]),
        ["Layers/Shaping"] = (["Numerics/Memory", "Numerics/Threads", "Activations", "Onnx", "Layers/."], ["NetworkLayer", "Shape"]),
        ["Layers/WideAndDeep"] = (["Numerics/Memory", "Numerics/Random", "Numerics/Sparse", "Numerics/Threads", "Numerics/Vectors", "Onnx", "Layers/."], ["NetworkLayer", "Parameter", "Shape", "WeightInitialization", "EmbeddingLayer"]),
        ["Layers/Windows"] = (["Onnx"], ["Shape"]),
        // Network.Save and Network.Load are there for the caller's convenience.
        [""] = (["Numerics", "Onnx", "Activations", "Layers"], ["NetworkReader", "NetworkWriter"]),
        ["Explanations"] = (["Numerics/Memory", "Numerics/Sparse", "Activations", "Layers", ""], []),
        ["Persistence"] = (["Numerics/Memory", "Numerics/Vectors", "Layers", ""], []),
        // Rows are told from others by a checksum, and an error in them names the option that asks for other ones.
        ["Batches/Statistics"] = (["Numerics/Memory", "Numerics/Sums", "Numerics/Vectors", "Losses", "Batches/.", ""], ["OutputSums"]),
        ["Batches"] = (["Numerics", "Layers", "Losses", "Augmentations", "Batches", ""], ["ChecksumStream", "TrainingOptions"]),
        // What is saved of a training is checked like a saved network, and its settings are called what the options are.
        ["History"] = (["Activations", "Layers", "Losses", "Optimizers", "Schedules", "Augmentations", ""], ["SavedFrame", "SavedText", "DamageException", "ClassWeights", "EarlyStopping", "EarlyStoppingMetric", "TrainingAssessment", "TrainingVerdict"]),
        ["History/Assessment"] = (["Layers", "Losses", "Optimizers", "Schedules", "Augmentations", "History/.", ""], ["EarlyStopping"]),
        ["Training"] = (["Numerics", "Activations", "Layers", "Losses", "Optimizers", "Schedules", "Augmentations", "Batches", "History", "Training", ""], []),
        ["Training/Beginning"] = (["Numerics", "Layers", "Losses", "Batches", ""], []),
        ["Training/Beginning/Screening"] = (["Numerics", "Layers", "Batches", "Training/Beginning/.", ""], []),
        ["Training/Steps"] = (["Numerics", "Layers", "Losses", "Optimizers", "Schedules", "Batches", "History", ""], ["TrainingOptions"]),
        ["Training/Measuring"] = (["Numerics/Sums", "Numerics/Threads", "Activations", "Layers", "Losses", "Batches", "History", "Training/Steps", ""], ["TrainingOptions"]),
        ["Training/Stopping"] = (["Numerics/Memory", "History/.", ""], ["Loss"]),
        ["Training/Checkpoints"] = (["Numerics/Memory", "Numerics/Vectors", "Losses", "Optimizers", "Schedules", "Augmentations", "Batches", "History", "Persistence", "Training/Steps", "Training/Stopping", ""], ["TrainingOptions", "CancellationBehavior"]),
        ["Training/RateSearch"] = (["Numerics/Exact", "Numerics/Simd", "Numerics/Vectors", "Losses", "Batches", ""], ["NetworkTrainer", "TrainingOptions"]),
    };

    /// <summary>Words that are types elsewhere: functions, and texts.</summary>
    private static readonly HashSet<(string File, string Identifier)> Homonyms = [("ElementaryFunctions", "Sigmoid"), ("ElementaryFunctions", "Tanh"), ("BetaDistribution", "Sigmoid"), ("EnsembleLayer", "Ensemble"), ("OnnxGraph", "Identity"), ("BatchNormalizationLayer", "Momentum"), ("NamedLayers", "Activation")];

    private static readonly IReadOnlyList<SourceFile> Engine = SourceFile.ReadEngine();

    [Fact]
    public void Every_folder_has_its_place() =>
        Assert.Equal(Allowed.Keys.Order(), Engine.Select(file => file.Folder).Distinct().Order());

    [Fact]
    public void Folders_refer_to_those_below_them_only() => Assert.Empty(ForbiddenReferences(Engine));

    /// <summary>What is said of the whole assembly is of no type.</summary>
    [Fact]
    public void Files_declare_the_type_of_their_name() => Assert.All(Engine.Where(file => file.Name != "Module"), file => Assert.Contains(file.Name, file.Types));

    [Theory]
    [InlineData("Numerics/Sums", "internal static class Total { static int Of(Layer layer) => 0; }", "Total -> Layer")]
    [InlineData("Numerics/Vectors", "internal static class Product { static int Of(MatrixProduct product) => 0; }", "Product -> MatrixProduct")]
    [InlineData("Layers/Dense", "public sealed class Branches { private DropoutLayer _first; }", "Branches -> DropoutLayer")]
    [InlineData("Numerics/Sums", "internal static class Total { static void Of(Workspace w) { } }", "Total -> Workspace")]
    [InlineData("Optimizers", "internal sealed class Momentum : Loss;", "Momentum -> Loss")]
    [InlineData("Layers", "public sealed class Convolution { private TrainingOptions _options; }", "Convolution -> TrainingOptions")]
    [InlineData("Layers", "public sealed class Convolution { void Save() => NetworkFormat.Version; }", "Convolution -> NetworkFormat")]
    [InlineData("Losses", "public sealed class Hinge { double Of(Network network) => 0; }", "Hinge -> Network")]
    [InlineData("", "public sealed class Committee { NetworkTrainer[] Trainers; }", "Committee -> NetworkTrainer")]
    [InlineData("Persistence", "internal sealed class Checkpoint { Adam Rule; }", "Checkpoint -> Adam")]
    [InlineData("Batches", "internal sealed class Shuffler { NetworkTrainer Trainer; }", "Shuffler -> NetworkTrainer")]
    [InlineData("History", "internal sealed class Rating { Backpropagation Computed; }", "Rating -> Backpropagation")]
    public void Reference_to_a_folder_above_is_found(string folder, string text, string expected)
    {
        var name = expected.Split(' ')[0];
        Assert.Equal([expected], ForbiddenReferences([.. Engine, SourceFile.Parse(folder, name, text)]));
    }

    [Theory]
    [InlineData("Numerics/Sums", "// For a Layer.\n/* Or a Network. */\ninternal static class Total { static int Layers; }")]
    [InlineData("Training", "internal sealed class Schedule { Adam Rule; Network Network; DenseLayer First; }")]
    public void Comments_and_references_to_folders_below_are_fine(string folder, string text) =>
        Assert.Empty(ForbiddenReferences([.. Engine, SourceFile.Parse(folder, "Added", text)]));

    /// <summary>The engine needs nothing, the integration ML.NET; what draws or prints is in packages of its own, which neither knows.</summary>
    [Theory]
    [InlineData("MLNet.DenseNet.Engine")]
    [InlineData("MLNet.DenseNet", "Microsoft.ML", "MLNet.DenseNet.Engine")]
    [InlineData("MLNet.DenseNet.Onnx", "Google.Protobuf", "MLNet.DenseNet.Engine")]
    [InlineData("MLNet.DenseNet.ConsoleProgress", "MLNet.DenseNet.Engine", "Spectre.Console")]
    [InlineData("MLNet.DenseNet.Reporting", "MLNet.DenseNet", "OxyPlot.Core")]
    public void Projects_reference_what_they_may(string project, params string[] expected)
    {
        var document = XDocument.Load(Path.Combine(Repository.Root, "src", project, $"{project}.csproj"));
        var references = document.Descendants().Where(e => e.Name.LocalName is "PackageReference" or "ProjectReference" && (string?)e.Attribute("PrivateAssets") != "all")
            .Select(e => e.Name.LocalName == "PackageReference" ? (string)e.Attribute("Include")! : Path.GetFileNameWithoutExtension((string)e.Attribute("Include")!));
        Assert.Equal(expected.Order(StringComparer.Ordinal), references.Order(StringComparer.Ordinal));
    }

    private static bool IsIn(string room, string folder) =>
        folder.EndsWith("/.", StringComparison.Ordinal) ? room == folder[..^2] : room == folder || (folder != "" && room.StartsWith(folder + "/", StringComparison.Ordinal));

    private static IEnumerable<string> ForbiddenReferences(IReadOnlyList<SourceFile> files)
    {
        foreach (var file in files)
        {
            var (folders, types) = Allowed[file.Folder];
            var forbidden = files
                .Where(other => other.Folder != file.Folder && !folders.Any(folder => IsIn(other.Folder, folder)))
                .SelectMany(other => other.Types)
                .Except(types);
            foreach (var identifier in forbidden.Where(file.Identifiers.Contains))
            {
                if (!Homonyms.Contains((file.Name, identifier)))
                    yield return $"{file.Name} -> {identifier}";
            }
        }
    }
}
