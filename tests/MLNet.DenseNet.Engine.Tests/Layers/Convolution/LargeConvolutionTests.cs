namespace MLNet.DenseNet.Engine.Tests.Layers;

/// <summary>Windows and sequences so large that what they see is computed part by part. They take some seconds, and minutes where a processor is emulated.</summary>
public class LargeConvolutionTests
{
    /// <summary>What windows add to the pixels is computed for some positions at a time, however many there are.</summary>
    [Fact]
    public void Many_positions_with_large_windows_agree_too()
    {
        var layer = new ConvolutionLayer(2, 500, padding: Padding.Same);
        new LayerCheck(layer, new(600, 1), ConvolutionLayerTests.Reference(new(600, 1), layer)) { Rows = 1, Roundings = 2000 }.Run();
    }

    /// <summary>The values that they add are more than an int counts.</summary>
    [Fact]
    public void The_gradient_of_a_long_sequence_takes_no_memory_for_each_tap()
    {
        var network = Network.Create(new Shape(1 << 20, 1), [new ConvolutionLayer(1, 1), new ConvolutionLayer(1, 2048, padding: Padding.Same), new GlobalAveragePoolingLayer()], seed: 1);
        var trainer = new NetworkTrainer(network, new TrainingOptions { NumberOfThreads = 1 });
        var before = GC.GetAllocatedBytesForCurrentThread();
        trainer.ComputeGradient(new float[1 << 20], [1]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000_000);
    }
}
