using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// The gradients of a network's trained parameters, laid out like them. Where inputs are sparse, or numbers that are looked up, it holds only the touched rows of the weights: those of columns in
/// which the batch stores a value, or that its numbers name, one after the other at the start of each panel. The gradient of all other rows is 0, and nothing is spent on them.
/// </summary>
internal sealed class Gradients
{
    private readonly CscView _touched = new();
    private readonly List<Segment> _filled;
    private readonly Segment _whole;

    // At most one for each parameter; grows to that in the first batch.
    private ComputedGradient[] _computed = new ComputedGradient[8];
    private int _count;

    /// <param name="length">The length of the network's trained parameters.</param>
    public Gradients(int length)
    {
        Values = new AlignedBuffer(length);
        _whole = new Segment(0, length);
        _filled = [_whole];
    }

    public AlignedBuffer Values { get; }

    /// <summary>The weights of which only some rows are held; null where there are none.</summary>
    public Parameter? Sparse { get; private set; }

    /// <summary>The batch by its touched columns, each a touched row of <see cref="Sparse"/>.</summary>
    public CscView TouchedColumns => _touched;

    /// <summary>The segments of <see cref="Values"/> that hold gradients, in order.</summary>
    public ReadOnlySpan<Segment> Filled => CollectionsMarshal.AsSpan(_filled);

    /// <summary>How the gradients of this batch were computed, each parameter's once.</summary>
    public ReadOnlySpan<ComputedGradient> Computed => _computed.AsSpan(0, _count);

    /// <summary>Begins a batch whose gradients are all dense and not yet applied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Begin()
    {
        Sparse = null;
        _count = 0;
        _filled.Clear();
        _filled.Add(_whole);
    }

    /// <summary>Notes how the gradient of a parameter, which is computed next, is cut for threads, so that each thread updates what it mostly computed.</summary>
    public void Note(Parameter parameter, in WorkShares shares) => Note(parameter, in shares, isApplied: false);

    /// <summary>The same for a dense gradient, which a fused update applies where there is one and the parameter is large enough.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="shares">How its gradient is cut for threads.</param>
    /// <param name="fusedUpdate">Applies the gradients of large parameters; null for none.</param>
    /// <returns>Where the gradient goes: to the fused update, or, where it has none, to <see cref="Values"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public GradientTarget TargetOf(Parameter parameter, in WorkShares shares, IFusedUpdate? fusedUpdate)
    {
        var isApplied = fusedUpdate is not null && parameter.IsLarge;
        Note(parameter, in shares, isApplied);
        return isApplied ? new GradientTarget(fusedUpdate, parameter.Offset, parameter.IsDecayed) : default;
    }

    /// <summary>Notes that the gradient of a parameter is computed next by one thread.</summary>
    /// <returns>Where it is to be filled in, laid out like the parameter.</returns>
    public Span<float> Fill(Parameter parameter)
    {
        Note(parameter, WorkShares.Whole(parameter.Rows, parameter.Columns));
        return parameter.In(Values);
    }

    /// <summary>Begins the gradient of weights whose inputs are sparse rows.</summary>
    /// <returns>The touched columns: the rows of the weights whose gradients are to be filled in.</returns>
    public CscView BeginSparse(Parameter weights, CsrMatrix batch)
    {
        Claim(weights);
        _touched.Build(batch);
        return NoteTouched(weights);
    }

    /// <summary>Begins the gradient of weights whose rows are looked up by their numbers.</summary>
    /// <param name="weights">The weights. Of a network, one layer at most looks up or takes sparse rows: the first one that learns.</param>
    /// <param name="numbers">(rows x numbers).</param>
    /// <inheritdoc cref="BeginSparse(Parameter, CsrMatrix)"/>
    public CscView BeginSparse(Parameter weights, MatrixRows numbers)
    {
        Claim(weights);
        _touched.Build(numbers, weights.Rows);
        return NoteTouched(weights);
    }

    private void Claim(Parameter weights)
    {
        if (Sparse is not null)
            throw new InvalidOperationException($"The gradients of '{Sparse.Name}' are sparse already; those of one parameter at most can be.");
        Sparse = weights;
    }

    private CscView NoteTouched(Parameter weights)
    {
        _filled.Clear();
        if (weights.Offset > _whole.First)
            _filled.Add(new Segment(_whole.First, weights.Offset - _whole.First));
        for (var column = 0; column < weights.Columns; column += PanelLayout.Width)
            _filled.Add(new Segment(weights.Offset + (int)PanelLayout.Start(weights.Rows, column), _touched.Count * PanelLayout.Stride(weights.Columns, column)));
        var end = weights.Offset + weights.Shape.Size;
        if (end < _whole.First + _whole.Length)
            _filled.Add(new Segment(end, _whole.First + _whole.Length - end));
        return _touched;
    }

    /// <summary>The sum of the squares of a parameter's gradient.</summary>
    public double SumOfSquares(Parameter parameter)
    {
        if (parameter != Sparse)
            return Numerics.SumOfSquares.Of(parameter.In(Values));

        var sum = 0.0;
        foreach (var segment in _filled)
        {
            if (segment.First >= parameter.Offset && segment.First < parameter.Offset + parameter.Shape.Size)
                sum += Numerics.SumOfSquares.Of(Values.Span.Slice(segment.First, segment.Length));
        }

        return sum;
    }

    /// <summary>A row-major copy of a parameter's gradient.</summary>
    public unsafe float[] ToArray(Parameter parameter)
    {
        if (parameter != Sparse)
            return parameter.ToArray(Values);

        var gradient = new float[parameter.Shape.Size];
        for (var column = 0; column < parameter.Columns; column++)
        {
            var panel = parameter.In(Values)[(int)PanelLayout.Start(parameter.Rows, column)..];
            for (var i = 0; i < _touched.Count; i++)
                gradient[_touched.Columns[i] * parameter.Columns + column] = panel[i * PanelLayout.Stride(parameter.Columns, column)];
        }

        return gradient;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Note(Parameter parameter, in WorkShares shares, bool isApplied)
    {
        if (_count == _computed.Length)
            Array.Resize(ref _computed, 2 * _count);
        _computed[_count++] = new ComputedGradient(parameter, shares, isApplied);
    }
}
