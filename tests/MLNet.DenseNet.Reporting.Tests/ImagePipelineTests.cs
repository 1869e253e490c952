using System.Diagnostics;
using Microsoft.ML;
using OxyPlot;

namespace MLNet.DenseNet.Reporting.Tests;

/// <summary>Reports of networks that learn from images which ML.NET loads: its own native drawing library and what a report is drawn with are in one process.</summary>
public sealed class ImagePipelineTests : IDisposable
{
    private const int Size = 8;

    private readonly string _folder = Directory.CreateTempSubdirectory("images").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Images_are_loaded_and_then_a_report_is_saved() => SaveReport(Train());

    [Fact]
    public void A_report_is_saved_and_then_images_are_loaded()
    {
        SaveReport(Runs.Regression().History);
        SaveReport(Train());
    }

    /// <summary>What is loaded first is decided once for a process, so that each order needs one of its own.</summary>
    [Theory]
    [InlineData(nameof(Images_are_loaded_and_then_a_report_is_saved))]
    [InlineData(nameof(A_report_is_saved_and_then_images_are_loaded))]
    public async Task Each_order_works_in_a_process_of_its_own(string test)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["-method", $"{typeof(ImagePipelineTests).FullName}.{test}"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output + await errors);
        Assert.Contains("Total: 1", output, StringComparison.Ordinal);
    }

    private void SaveReport(TrainingHistory history)
    {
        var path = Path.Combine(_folder, "training.html");
        history.SaveReport(path);
        Assert.Contains("data:image/svg+xml", File.ReadAllText(path), StringComparison.Ordinal);
    }

    /// <summary>What the type of the extracted pixels says is enough: the network sees the same images either way, and augmentation knows their size.</summary>
    [Fact]
    public void Pixels_teach_the_same_in_planes_and_with_interleaved_colors()
    {
        var (planes, interleaved) = (Train(interleaves: false), Train(interleaves: true));
        Assert.Equal("8 x 6 x 3", planes.Network!.InputShape.ToString());
        Assert.Equal(planes.Select(epoch => epoch.Loss), interleaved.Select(epoch => epoch.Loss));
        Assert.Equal("images of 6 x 8 x 3, shift 1", planes.Settings.Augmentation);
    }

    /// <summary>Learns to tell light images from dark ones.</summary>
    private TrainingHistory Train(bool interleaves = false)
    {
        var mlContext = new MLContext(seed: 1);
        var data = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new ImageRow { ImagePath = SaveImage(i), IsLight = i % 2 == 1 }));
        var model = mlContext.Transforms.LoadImages("Image", imageFolder: _folder, nameof(ImageRow.ImagePath))
            .Append(mlContext.Transforms.ResizeImages("Image", imageWidth: 6, imageHeight: 8))
            .Append(mlContext.Transforms.ExtractPixels("Features", "Image", interleavePixelColors: interleaves))
            .Append(mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = nameof(ImageRow.IsLight), HiddenLayers = [8], NumberOfEpochs = 10, Augmentation = new ImageAugmentation(shift: 1) }))
            .Fit(data);
        var scored = model.Transform(data);
        Assert.Equal(1, mlContext.BinaryClassification.Evaluate(scored, nameof(ImageRow.IsLight)).Accuracy);
        return model.GetDenseNeuralNet().History!;
    }

    private string SaveImage(int index)
    {
        var gray = (byte)(index % 2 == 1 ? 200 + index : 10 + index);
        var pixels = new OxyColor[2 * Size, 2 * Size];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i % (2 * Size), i / (2 * Size)] = OxyColor.FromRgb(gray, (byte)(gray / 2 + i % 7), (byte)(gray / 3 + i % 5));
        File.WriteAllBytes(Path.Combine(_folder, $"{index}.png"), OxyImage.Create(pixels, OxyPlot.ImageFormat.Png).GetData());
        return $"{index}.png";
    }

    private sealed class ImageRow
    {
        public string ImagePath { get; set; } = "";

        public bool IsLight { get; set; }
    }
}
