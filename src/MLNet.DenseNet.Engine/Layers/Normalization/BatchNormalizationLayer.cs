using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// Brings each channel of a batch to mean 0 and variance 1, then to a scale and a shift that are learned: y = (x - mean) / sqrt(variance + epsilon) * scale + shift. A channel is the last dimension, so statistics are over the
/// rows of the batch and, in images and sequences, their positions; of a plain row each unit is a channel. At prediction the running statistics of training take the place of the batch's. Parameters (channels each):
/// "scale" and "shift", at first 1 and 0, and "running mean" and "running variance", at first 0 and 1, which are not trained.
/// </summary>
/// <remarks>
/// Ioffe and Szegedy, "Batch normalization: accelerating deep network training by reducing internal covariate shift" (2015). The variance is the mean of (x - mean)²; the running one is times n / (n - 1), as in PyTorch, where a
/// batch has n values of a channel. A batch that has one value of each channel, such as a last row that is left over, has no variance: it is normalized by the running statistics and leaves them as they are. A variance beyond float32 ends a training, as the running one could not hold it.
/// </remarks>
public sealed class BatchNormalizationLayer : Layer
{
    private const float UsualMomentum = 0.9f;
    private const float UsualEpsilon = 1e-5f;

    // The cost of an element in multiply-adds of a product, by which the number of threads is chosen.
    private const long MultiplyAddsPerElement = 16;

    private const int Scale = 0;
    private const int Shift = 1;
    private const int RunningMean = 2;
    private const int RunningVariance = 3;

    /// <summary>A layer whose running statistics are moving averages.</summary>
    /// <param name="momentum">The share of a running statistic that stays in each step of training, in [0, 1); 0.9 by default. PyTorch calls the other share momentum: there it is 0.1.</param>
    /// <param name="epsilon">What is added to variances, so that none is 0, in [1e-12, 1]; 1e-5 by default, as in PyTorch.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public BatchNormalizationLayer(float momentum = UsualMomentum, float epsilon = UsualEpsilon)
    {
        if (momentum is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(momentum), FormattableString.Invariant($"The momentum of a batch normalization must be in [0, 1); {momentum} was given."));
        if (epsilon is not (>= 1e-12f and <= 1))
            throw new ArgumentOutOfRangeException(nameof(epsilon), FormattableString.Invariant($"The epsilon of a batch normalization must be in [1e-12, 1]; {epsilon} was given."));
        (Momentum, Epsilon) = (momentum, epsilon);
    }

    /// <summary>The share of a running statistic that stays in each step of training.</summary>
    public float Momentum { get; }

    /// <summary>What is added to variances.</summary>
    public float Epsilon { get; }

    /// <summary>"Batch normalization", and the options that are not the usual ones.</summary>
    public override string ToString() => "Batch normalization"
        + (Momentum == UsualMomentum ? "" : FormattableString.Invariant($", momentum {Momentum}")) + (Epsilon == UsualEpsilon ? "" : FormattableString.Invariant($", epsilon {Epsilon}"));

    internal static Layer Read(BinaryReader reader) => new BatchNormalizationLayer(reader.ReadSingle(), reader.ReadSingle());

    /// <summary>float32 momentum, float32 epsilon.</summary>
    internal override void Write(BinaryWriter writer)
    {
        writer.Write(Momentum);
        writer.Write(Epsilon);
    }

    internal override Shape OutputShape(Shape input) => input;

    internal override IReadOnlyList<ParameterSpecification> Parameters(Shape input)
    {
        var channels = input.Dimensions[^1];
        return
        [
            new("scale", channels, IsDecayed: false), new("shift", channels, IsDecayed: false),
            new("running mean", channels, IsDecayed: false, ParameterRole.RunningStatistic), new("running variance", channels, IsDecayed: false, ParameterRole.RunningStatistic),
        ];
    }

    internal override void Initialize(NetworkLayer layer, RandomBits random)
    {
        layer.Parameter(Scale).Elements.Fill(1);
        layer.Parameter(RunningVariance).Elements.Fill(1);
    }

    /// <summary>What the batch was normalized by: means, then 1 / sqrt(variance + epsilon).</summary>
    internal override LayerMemory Cache(Shape input) => new(PerRow: 0, PerBatch: 2 * input.Dimensions[^1]);

    internal override LayerMemory Scratch(Shape input) => ChannelCoefficients.Scratch(input);

    internal override OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer)
    {
        var (scale, variance) = (layer.Parameter(Scale).ToArray(), layer.Parameter(RunningVariance).ToArray());
        float[] factors = [.. scale.Select((value, channel) => (float)(value / Math.Sqrt(Math.Max(variance[channel], 0) + (double)Epsilon)))];
        return input.WithChannels("Sub", "mean", layer.Parameter(RunningMean).ToArray()).WithChannels("Mul", "scale", factors).WithChannels("Add", "shift", layer.Parameter(Shift).ToArray());
    }

    internal override LayerPasses Bind(NetworkLayer layer) => new Passes(this, layer);

    private sealed unsafe class Passes(BatchNormalizationLayer kind, NetworkLayer layer) : LayerPasses
    {
        private readonly int _size = layer.InputShape.Size;
        private readonly int _channels = layer.InputShape.Dimensions[^1];
        private readonly Parameter _scale = layer.Parameter(Scale);
        private readonly Parameter _shift = layer.Parameter(Shift);
        private readonly Parameter _runningMean = layer.Parameter(RunningMean);
        private readonly Parameter _runningVariance = layer.Parameter(RunningVariance);

        /// <summary>y = (x - mean) * factor + shift, with factor = scale / sqrt(variance + epsilon).</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Forward(in ForwardPass pass)
        {
            Lengths.Check(pass.Output.Length, (long)pass.Rows * _size);
            Lengths.Check(pass.Cache.Length, pass.Training is null ? 0 : 2 * _channels);
            fixed (float* scratch = pass.Scratch, cache = pass.Cache, y = pass.Output)
            {
                var (x, memory) = (new PositionRows(pass.Input, _channels), new ChannelCoefficients(scratch, _channels));
                var means = pass.Training is null ? memory.Means : cache;
                var inverses = pass.Training is null ? memory.Inverses : cache + _channels;
                if (pass.Training is { IsFrozen: false } && x.Count > 1)
                    TakeStatistics(x, means, inverses, memory.Sums, pass.Team);
                else
                    TakeRunning(means, inverses);
                for (var c = 0; c < _channels; c++)
                    memory.Factors[c] = FiniteValues.Nearest((double)_scale.Pointer[c] * inverses[c]);
                new BatchScaling(x, means, memory.Factors, _shift.Pointer, y, pass.Saturates).Run(Threads(pass.Rows, pass.Team), pass.Team);
            }
        }

        /// <summary>
        /// dshift = Σ dy; dscale = Σ dy xhat, with xhat = (x - mean) / sqrt(variance + epsilon); dx = factor (dy - dshift / n - xhat dscale / n), since each value changes its channel's mean and variance, n being the values of a
        /// channel; where the running statistics were used, which it does not change, dx = factor dy.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Backward(in BackwardPass pass)
        {
            Lengths.Check(pass.OutputGradient.Length, (long)pass.Rows * _size);
            fixed (float* scratch = pass.Scratch, means = pass.Cache, dy = pass.OutputGradient, dx = pass.InputGradient)
            fixed (float* dscale = pass.Gradients.Fill(_scale), dshift = pass.Gradients.Fill(_shift))
            {
                var (x, memory, threads) = (new PositionRows(pass.Input, _channels), new ChannelCoefficients(scratch, _channels), Threads(pass.Rows, pass.Team));
                var inverses = means + _channels;
                var sums = new BatchProducts(x, means, dy, memory.Sums);
                sums.Run(threads, pass.Team);
                var share = x.Count > 1 && !pass.Training.IsFrozen ? 1.0 / x.Count : 0;
                for (var c = 0; c < _channels; c++)
                {
                    var (gradient, product) = sums[c];
                    var factor = (double)_scale.Pointer[c] * inverses[c];
                    (dshift[c], dscale[c]) = ((float)gradient, (float)(product * inverses[c]));
                    memory.Factors[c] = (float)factor;
                    memory.Slopes[c] = (float)(-factor * inverses[c] * inverses[c] * product * share);
                    memory.Shifts[c] = (float)(-factor * gradient * share);
                }

                if (pass.InputGradient.IsEmpty)
                    return;
                Lengths.Check(pass.InputGradient.Length, pass.OutputGradient.Length);
                new BatchScaling(x, means, memory.Factors, memory.Shifts, dx, saturates: false) { Gradient = dy, Slopes = memory.Slopes }.Run(threads, pass.Team);
            }
        }

        private int Threads(int rows, ThreadTeam? team) => ThreadTeam.ThreadsFor(team, (long)rows * _size * MultiplyAddsPerElement);

        /// <summary>Takes the statistics of the batch, and moves the running ones towards them.</summary>
        private void TakeStatistics(PositionRows x, float* means, float* inverses, float* sums, ThreadTeam? team)
        {
            var moments = new BatchMoments(x, sums);
            moments.Run(Threads(x.Rows, team), team);
            for (var c = 0; c < _channels; c++)
            {
                var (mean, variation) = moments[c];
                means[c] = (float)mean;
                // The running variance, a float32, could not hold it, and predictions would be others than those of training: the training has to end.
                var isBeyondFloat = variation / (x.Count - 1) > float.MaxValue;
                inverses[c] = isBeyondFloat ? float.NaN : (float)(1 / Math.Sqrt(variation / x.Count + kind.Epsilon));
                _runningMean.Pointer[c] = Moved(_runningMean.Pointer[c], mean);
                _runningVariance.Pointer[c] = Moved(_runningVariance.Pointer[c], variation / (x.Count - 1));
            }
        }

        private float Moved(double running, double value) => FiniteValues.Nearest(kind.Momentum * running + (1 - (double)kind.Momentum) * value);

        private void TakeRunning(float* means, float* inverses)
        {
            for (var c = 0; c < _channels; c++)
            {
                means[c] = _runningMean.Pointer[c];
                inverses[c] = (float)(1 / Math.Sqrt(Math.Max(_runningVariance.Pointer[c], 0) + (double)kind.Epsilon));
            }
        }
    }
}
