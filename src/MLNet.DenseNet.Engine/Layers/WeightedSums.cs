using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// Weighted sums of inputs, z = x W + b, and their gradients, dW = xᵀ dz, db = Σ dz, dx = dz Wᵀ: the core of dense, convolutional and recurrent layers.
/// It hides what a layer need not know: sparse rows, the optimizer's step that is fused into a product, and the order of the products that follows from it.
/// </summary>
/// <remarks>
/// Rows of x may lie anywhere (<see cref="MatrixRows"/>). Rows in which the same weights are used again, such as the time steps of a sequence or the positions of an image,
/// are rows of one product: their gradients add up in the order of the rows.
/// </remarks>
/// <param name="weights">(inputs x units).</param>
/// <param name="bias">(units); null for none.</param>
internal sealed unsafe class WeightedSums(Parameter weights, Parameter? bias)
{
    private readonly Parameter _weights = weights;
    private readonly Parameter? _bias = bias;
    private readonly int _inputs = weights.Rows;
    private readonly int _units = weights.Columns;

    private ReadOnlySpan<float> Bias => _bias is null ? [] : _bias.Elements;

    /// <summary>z = x W + b.</summary>
    /// <param name="x">(rows x inputs).</param>
    /// <param name="z">(rows x units), to be filled.</param>
    /// <param name="after">Runs on each part of z as a thread completes it.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Forward<TAfter>(in InputRows x, Span<float> z, TAfter after, ThreadTeam? team) where TAfter : struct, IPartWork
    {
        if (x.IsSparse)
            SparseDenseProduct.Multiply(x.Sparse, _weights.Elements, Bias, z, _units, after, team);
        else
            MatrixProduct.Multiply(in x.Dense, _weights.Elements, Bias, z, _units, in after, team);
    }

    /// <summary>dW = xᵀ dz, db = Σ dz, dx = dz Wᵀ.</summary>
    /// <param name="x">(rows x inputs), as in the forward pass.</param>
    /// <param name="dz">(rows x units).</param>
    /// <param name="dx">(rows x inputs), to be filled; empty where nobody needs it.</param>
    /// <param name="gradients">Where dW and db go.</param>
    /// <param name="fusedUpdate">Applies dW as it is computed, where that pays; null for none.</param>
    /// <param name="before">Completes dz. It runs on each part of the columns before these are used.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    /// <param name="unread">Which columns of dx nobody reads (<see cref="LayerPasses.UnreadGradient"/>).</param>
    /// <exception cref="NotSupportedException">The rows are sparse and somebody needs dx.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Backward<TBefore>(in InputRows x, Span<float> dz, Span<float> dx, Gradients gradients, IFusedUpdate? fusedUpdate, TBefore before, ThreadTeam? team, ReadOnlySpan<bool> unread = default)
        where TBefore : struct, IPartWork
    {
        fixed (float* outputs = dz, db = _bias is null ? [] : _bias.In(gradients.Values))
        {
            var columns = new BiasGradient<TBefore>(before, outputs, x.Rows, db, _units);
            if (x.IsSparse)
                BackwardSparse(x.Sparse, dz, dx, gradients, in columns, team);
            else
                BackwardDense(x.Dense, dz, dx, gradients, fusedUpdate, in columns, team, unread);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BackwardDense<TBefore>(MatrixRows x, Span<float> dz, Span<float> dx, Gradients gradients, IFusedUpdate? fusedUpdate, in TBefore before, ThreadTeam? team, ReadOnlySpan<bool> unread)
        where TBefore : struct, IPartWork
    {
        var shares = MatrixProduct.Shares(_inputs, x.Rows, _units, team);
        var target = gradients.TargetOf(_weights, in shares, fusedUpdate);
        if (_bias is not null)
            gradients.Note(_bias, shares.OfColumns(1));
        if (target.Update is null || dx.IsEmpty)
        {
            MatrixProduct.MultiplyTransposedLeft(x, dz, _weights.In(gradients.Values), _units, in shares, before, team, target);
            BackwardInputs(dz, dx, x.Rows, team, unread);
        }
        else
        {
            BackwardInputsFirst(x, dz, dx, gradients, in shares, in target, in before, team, unread);
        }
    }

    /// <summary>The fused update changes W, so dx comes before dW.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void BackwardInputsFirst<TBefore>(MatrixRows x, Span<float> dz, Span<float> dx, Gradients gradients, in WorkShares shares, in GradientTarget target, in TBefore before, ThreadTeam? team, ReadOnlySpan<bool> unread)
        where TBefore : struct, IPartWork
    {
        shares.ByCacheLines(x.Rows).Run(in before, team);
        BackwardInputs(dz, dx, x.Rows, team, unread);
        MatrixProduct.MultiplyTransposedLeft(x, dz, _weights.In(gradients.Values), _units, in shares, default(NoWork), team, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void BackwardSparse<TBefore>(CsrMatrix x, Span<float> dz, Span<float> dx, Gradients gradients, in TBefore before, ThreadTeam? team) where TBefore : struct, IPartWork
    {
        if (!dx.IsEmpty)
            throw new NotSupportedException("Sparse rows have no gradient: nothing is trained before the layer that takes them.");
        var touched = gradients.BeginSparse(_weights, x);
        var shares = SparseDenseProduct.Shares(touched.Count, touched.Entries, _units, team);
        gradients.Note(_weights, in shares);
        if (_bias is not null)
            gradients.Note(_bias, shares.OfColumns(1));
        shares.OfColumns(x.Rows).Run(in before, team);
        SparseDenseProduct.MultiplyTransposedLeft(touched, dz, _weights.In(gradients.Values), _inputs, _units, shares, team);
    }

    /// <summary>dx = dz Wᵀ.</summary>
    private void BackwardInputs(Span<float> dz, Span<float> dx, int rows, ThreadTeam? team, ReadOnlySpan<bool> unread)
    {
        if (dx.IsEmpty)
            return;
        fixed (float* outputs = dz)
            MatrixProduct.MultiplyTransposedRight(new MatrixRows(outputs, rows, _units), _weights.Elements, dx, _inputs, team, unread);
    }

    /// <summary>Completes columns of dz, then sums them up where there is a bias: db = Σ dz.</summary>
    private readonly struct BiasGradient<TBefore>(TBefore before, float* dz, int rows, float* db, int units) : IPartWork where TBefore : struct, IPartWork
    {
        private readonly TBefore _before = before;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Do(MatrixPart part)
        {
            var columns = part with { FirstRow = 0, EndRow = rows };
            Unsafe.AsRef(in _before).Do(columns);
            if (db != null)
                ColumnSums.Run(dz, db, units, columns);
        }
    }
}
