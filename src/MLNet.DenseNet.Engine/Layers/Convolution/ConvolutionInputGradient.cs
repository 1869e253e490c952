namespace MLNet.DenseNet.Engine;

/// <summary>The gradient of a convolution's input: for each pixel the sum, over the positions whose window sees it, of their gradients times the weights of that tap.</summary>
internal abstract unsafe class ConvolutionInputGradient
{
    // Vectors go over channels where the sums are gathered. With fewer than this they are mostly empty, or narrow.
    private const int FewChannels = 16;

    /// <summary>The way that is faster for these sizes. They alone decide, as the order of the sums differs.</summary>
    /// <param name="sizes">The sizes of the convolution.</param>
    /// <param name="imagesAtOnce">How many images a product takes at once.</param>
    public static ConvolutionInputGradient For(in ConvolutionSizes sizes, int imagesAtOnce) =>
        sizes.Groups == 1 && sizes.Window.Channels < FewChannels ? new ScatteredGradient(in sizes) : new TransposedConvolution(in sizes, imagesAtOnce);

    /// <summary>Brings the weights into the order in which <see cref="Run"/> reads them.</summary>
    /// <param name="weights">(taps and channels x filters) for each group, in panels; in a depthwise convolution (taps x channels).</param>
    /// <param name="transposed">As many values as there are weights, to be filled.</param>
    public abstract void Transpose(float* weights, float* transposed);

    /// <summary>Computes the gradient of some images.</summary>
    /// <param name="gradient">(images x output positions x filters): that of the sums.</param>
    /// <param name="transposed">As <see cref="Transpose"/> left them.</param>
    /// <param name="inputGradient">(images x input positions x channels), to be filled.</param>
    /// <param name="images">How many.</param>
    public abstract void Run(float* gradient, float* transposed, float* inputGradient, int images);
}
