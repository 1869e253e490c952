using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// The three products of a convolution, a few images at a time: images get their border in a buffer of the thread, and products read them in place (<see cref="ImplicitMatrix"/>). Threads share the
/// images of a batch, and do all that an image needs while it is in their caches.
/// </summary>
internal sealed unsafe class ConvolutionWork
{
    [ThreadStatic]
    private static AlignedBuffer? _bordered;

    private readonly ConvolutionSizes _sizes;
    private readonly int _imagesAtOnce;
    private readonly ImageBorder _border;
    private readonly WindowProduct _product;
    private readonly ConvolutionInputGradient _inputGradient;
    private readonly Parameter _weights;
    private readonly Parameter _bias;

    public ConvolutionWork(in ConvolutionSizes sizes, Parameter weights, Parameter bias)
    {
        _sizes = sizes;
        _imagesAtOnce = sizes.ImagesAtOnce;
        _border = sizes.InputBorder;
        var windows = new ImplicitMatrix(_border, _imagesAtOnce, Path(sizes.Window.Rows), Path(sizes.Window.Columns), sizes.GroupChannels);
        _product = new WindowProduct(windows, sizes.Groups, sizes.GroupChannels, sizes.GroupFilters);
        _inputGradient = ConvolutionInputGradient.For(in sizes, _imagesAtOnce);
        (_weights, _bias) = (weights, bias);

        static WindowPath Path(WindowAxis axis) => new(0, axis.Stride, axis.Output, [.. Enumerable.Range(0, axis.Window).Select(tap => tap * axis.Dilation)]);
    }

    /// <summary>z = x * W + b, then the activation.</summary>
    /// <param name="x">(images x height x width x channels).</param>
    /// <param name="z">(images x positions x filters), to be filled.</param>
    /// <param name="activation">What follows.</param>
    /// <param name="scratch">As <see cref="ConvolutionSizes.Scratch"/> says.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(MatrixRows x, float* z, ChannelActivation activation, Span<float> scratch, ThreadTeam? team)
    {
        fixed (float* memory = scratch)
        {
            var images = RangeShares.For(team, x.Rows * _sizes.MultiplyAdds, x.Rows, _imagesAtOnce);
            images.Run(new ForwardImages(this, x, z, Weights(memory), activation), team);
        }
    }

    /// <summary>The gradients, from that of the outputs.</summary>
    /// <param name="x">(images x height x width x channels).</param>
    /// <param name="dz">(images x positions x filters): the gradient of the outputs; becomes that of the sums.</param>
    /// <param name="dx">(images x height x width x channels), to be filled; empty where nobody needs it.</param>
    /// <param name="gradients">Where those of weights and bias go.</param>
    /// <param name="activation">What turns the one gradient into the other.</param>
    /// <param name="scratch">As <see cref="ConvolutionSizes.Scratch"/> says.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(MatrixRows x, float* dz, Span<float> dx, Gradients gradients, ChannelActivation activation, Span<float> scratch, ThreadTeam? team)
    {
        var threads = ThreadTeam.ThreadsFor(team, 2 * x.Rows * _sizes.MultiplyAdds);
        gradients.Note(_weights, WorkShares.Of(threads, _sizes.FilterLength, MicroKernel.Rows, _sizes.Filters));
        gradients.Note(_bias, WorkShares.Whole(1, _sizes.Filters));
        fixed (float* memory = scratch, inputGradient = dx, weights = _weights.In(gradients.Values), bias = _bias.In(gradients.Values))
        {
            var transposed = memory + _sizes.GroupScratch;
            if (inputGradient != null)
                _inputGradient.Transpose(Weights(memory), transposed);

            // Where there are fewer pieces than threads, several threads read the same images, each for a part of the weights.
            var pieces = _sizes.Pieces(x.Rows);
            var shares = pieces.SharedBy(threads);
            var products = WorkShares.Of(_sizes.IsDepthwise ? 1 : threads / shares.Parts, _sizes.FilterLength, MicroKernel.Rows, _sizes.GroupFilters);
            var sums = new PieceGradients(in _sizes, transposed + _sizes.TransposedScratch, weights, bias);
            var before = new ImageGradients(this, dz, inputGradient, transposed, activation);
            if (products.Parts > 1)
                RangeShares.AtMost(threads, x.Rows, _imagesAtOnce).Run(in before, team);
            var work = new WeightGradients(this, x, dz, sums, before, pieces, shares, products);
            ThreadTeam.Run(team, ref work, shares.Parts * products.Parts);
            sums.Unite(pieces.Count, threads, team);
        }
    }

    /// <summary>The weights as products read them: those of each group by themselves.</summary>
    private float* Weights(float* memory)
    {
        if (!_sizes.DividesWeights)
            return _weights.Pointer;
        WeightGroups.Divide(_weights.Pointer, memory, in _sizes);
        return memory;
    }

    /// <summary>What the windows see of some images.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float* Surround(MatrixRows x, int first, int images)
    {
        if (_border.IsEmpty && images == 1)
            return x.Start(first);
        var length = (int)_border.Length;
        var bordered = ThreadMemory.Ensure(ref _bordered, _imagesAtOnce * length);
        for (var image = 0; image < images; image++)
            _border.Surround(x.Start(first + image), bordered + (nint)image * length);
        return bordered;
    }

    private readonly struct ForwardImages(ConvolutionWork convolution, MatrixRows x, float* z, float* weights, ChannelActivation activation) : IRangeWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int first, int end)
        {
            ref readonly var sizes = ref convolution._sizes;
            for (; first < end; first += convolution._imagesAtOnce)
            {
                var images = Math.Min(convolution._imagesAtOnce, end - first);
                var bordered = convolution.Surround(x, first, images);
                convolution._product.Multiply(bordered, images, weights, sizes.GroupWeights, convolution._bias.Pointer, z + (nint)first * sizes.OutputLength);
                activation.Forward(first * sizes.Window.OutputPositions, images * sizes.Window.OutputPositions);
            }
        }
    }

    /// <summary>What each image needs once: the gradient of its sums, and of its pixels.</summary>
    private readonly struct ImageGradients(ConvolutionWork convolution, float* dz, float* dx, float* transposed, ChannelActivation activation) : IRangeWork
    {
        public void Do(int first, int end)
        {
            for (var atOnce = convolution._imagesAtOnce; first < end; first += atOnce)
                Run(first, Math.Min(atOnce, end - first));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int first, int images)
        {
            ref readonly var sizes = ref convolution._sizes;
            activation.Backward(first * sizes.Window.OutputPositions, images * sizes.Window.OutputPositions);
            if (dx != null)
                convolution._inputGradient.Run(dz + (nint)first * sizes.OutputLength, transposed, dx + (nint)first * sizes.InputLength, images);
        }
    }

    /// <summary>The gradients of the weights, piece by piece of the batch.</summary>
    private readonly struct WeightGradients(
        ConvolutionWork convolution, MatrixRows x, float* dz, PieceGradients sums, ImageGradients before, RangePieces pieces, RangeShares shares, WorkShares products) : ITeamWork
    {
        private readonly ImageGradients _before = before;
        private readonly PieceGradients _sums = sums;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int part, int parts)
        {
            var weights = products[part % products.Parts];
            var (piece, end) = shares[part / products.Parts];
            for (; piece < end; piece++)
            {
                var (first, last) = pieces[piece];
                for (var image = first; image < last; image += convolution._imagesAtOnce)
                    Run(piece, image, Math.Min(convolution._imagesAtOnce, last - image), in weights, adds: image > first);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Run(int piece, int first, int images, in MatrixPart part, bool adds)
        {
            ref readonly var sizes = ref convolution._sizes;
            if (products.Parts == 1)
                _before.Run(first, images);
            var bordered = convolution.Surround(x, first, images);
            convolution._product.MultiplyTransposed(bordered, images, dz + (nint)first * sizes.OutputLength, _sums.Weights(piece), _sums.Bias(piece), in part, adds);
        }
    }
}
