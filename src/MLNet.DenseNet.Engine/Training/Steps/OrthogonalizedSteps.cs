using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The steps of <see cref="Muon"/> on the weights that it changes as whole matrices, with their memory.</summary>
internal sealed class OrthogonalizedSteps
{
    // With singular values of 1, so that single weights change about as much as in a step of AdamW.
    private const double ScaleOfAdam = 0.2;

    private readonly Muon _muon;
    private readonly HashSet<Parameter> _matrices;
    // From the first such step on: sparse rows may be all there is, and their weights are not changed here.
    private AlignedBuffer? _direction;
    private Orthogonalization? _orthogonalization;

    private OrthogonalizedSteps(Muon muon, IEnumerable<Parameter> matrices) => (_muon, _matrices) = (muon, [.. matrices]);

    /// <summary>The steps on the weights of all dense layers and convolutions but the last one, and the first where it is left out; null where there are none, or with another optimizer.</summary>
    public static OrthogonalizedSteps? Of(Optimizer optimizer, Network network)
    {
        if (optimizer is not Muon muon)
            return null;
        var matrices = network.TrainedParameters.ToArray().Where(parameter => parameter.IsLinearMap).SkipLast(1).Skip(muon.IncludesFirst ? 0 : 1).Where(matrix => matrix.Rows > 1 && matrix.Columns > 1).ToList();
        return matrices.Count == 0 ? null : new OrthogonalizedSteps(muon, matrices);
    }

    /// <summary>Whether a parameter is changed here.</summary>
    public bool Include(Parameter parameter) => _matrices.Contains(parameter);

    /// <summary>Takes in a gradient, and changes the parameter where it is time to.</summary>
    /// <param name="matrix">One that is included.</param>
    /// <param name="gradient">Its gradient, laid out like it.</param>
    /// <param name="mean">Its mean gradient, to be changed.</param>
    /// <param name="number">The step's number in the training, from 1.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="decay">The weight decay.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Step(Parameter matrix, ReadOnlySpan<float> gradient, Span<float> mean, long number, float rate, float decay, ThreadTeam? team)
    {
        var (rows, columns, size) = (matrix.Rows, matrix.Columns, matrix.Shape.Size);
        if (_direction is null || _direction.Length < size)
            Allocate(size);
        fixed (float* g = gradient, m = mean)
        {
            Elementwise.Run(new Mean(_muon.Momentum, g, m, _direction!.Pointer), size);
            if (number % _muon.Interval != 0)
                return;
            _orthogonalization!.Run(_direction.Span[..size], rows, columns, _muon.Iterations, team);
            var rateOfAll = (double)rate * _muon.Interval;
            var length = (float)(rateOfAll * _muon.Factor * ScaleOfAdam * Math.Sqrt(Math.Max(rows, columns)));
            Elementwise.Run(new Change(length, (float)(1 - rateOfAll * decay), _direction.Pointer, matrix.Pointer), size);
        }
    }

    private void Allocate(int size)
    {
        var matrices = _matrices.Where(matrix => matrix.Shape.Size <= size);
        _direction = new AlignedBuffer(size);
        _orthogonalization = new Orthogonalization(size, matrices.Max(matrix => Math.Min(matrix.Rows, matrix.Columns)));
    }

    /// <summary>mean = momentum * mean + (1 - momentum) * gradient, and the same once more for the direction.</summary>
    private readonly unsafe struct Mean(float momentum, float* gradient, float* mean, float* direction) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV>
        {
            var share = TV.Broadcast(1 - momentum) * TV.Load(gradient + index);
            var next = TV.FusedMultiplyAdd(TV.Broadcast(momentum), TV.Load(mean + index), share);
            next.Store(mean + index);
            TV.FusedMultiplyAdd(TV.Broadcast(momentum), next, share).Store(direction + index);
        }
    }

    /// <summary>weights = keep * weights - length * direction.</summary>
    private readonly unsafe struct Change(float length, float keep, float* direction, float* weights) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> =>
            TV.FusedMultiplyAdd(TV.Broadcast(-length), TV.Load(direction + index), TV.Broadcast(keep) * TV.Load(weights + index)).Store(weights + index);
    }
}
