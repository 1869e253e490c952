using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// Where the values of a batch lie in one direction of a recurrent layer: time-major, (steps x rows x values), so that the rows of a step lie one after the other, and all steps together are the rows of
/// one product. At prediction, what is only passed on from step to step is kept for one step.
/// </summary>
internal readonly unsafe struct RecurrentMemory
{
    private readonly RecurrentSizes _sizes;
    private readonly int _rows;

    // How many rows it is from a step to the next in what is kept for one step at prediction.
    private readonly int _keptRows;

    private RecurrentMemory(in RecurrentSizes sizes, int rows, bool keepsSteps)
    {
        _sizes = sizes;
        _rows = rows;
        _keptRows = keepsSteps ? rows : 0;
    }

    /// <summary>(steps x rows x channels): x, after dropout.</summary>
    public float* Inputs { get; private init; }

    /// <summary>(steps x rows x gates·units).</summary>
    public float* Sums { get; private init; }

    /// <summary>(rows x gates·units), or null.</summary>
    public float* RecurrentSums { get; private init; }

    /// <summary>(steps x rows x kept·units), or of one step.</summary>
    public float* Kept { get; private init; }

    /// <summary>(steps x rows x units), or of one step.</summary>
    public float* States { get; private init; }

    /// <summary>(rows x channels): 0 for inputs that are dropped, and the factor of the others.</summary>
    public float* Mask { get; private init; }

    /// <summary>(steps x rows x channels).</summary>
    public float* InputGradient { get; private init; }

    /// <summary>(steps x rows x gates·units).</summary>
    public float* SumGradient { get; private init; }

    /// <summary>(steps x rows x gates·units); the same memory where it is added to the sums of the inputs.</summary>
    public float* RecurrentSumGradient { get; private init; }

    /// <summary>(rows x units): of the step that is computed.</summary>
    public float* StateGradient { get; private init; }

    /// <summary>(rows x units).</summary>
    public float* CarriedGradient { get; private init; }

    /// <summary>(gates·units x units), in panels: Uᵀ.</summary>
    public float* TransposedWeights { get; private init; }

    /// <summary>Of a forward pass.</summary>
    /// <param name="sizes">The layer's sizes.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="cache">As <see cref="RecurrentSizes.Cache"/>; null at prediction.</param>
    /// <param name="scratch">As <see cref="RecurrentSizes.Scratch"/>.</param>
    public static RecurrentMemory OfForward(in RecurrentSizes sizes, int rows, float* cache, float* scratch)
    {
        var keeps = cache != null;
        ref var next = ref keeps ? ref cache : ref scratch;
        var (all, kept) = ((nint)sizes.Steps * rows, keeps ? (nint)sizes.Steps * rows : rows);
        return new RecurrentMemory(in sizes, rows, keeps)
        {
            Inputs = Take(ref next, all * sizes.Channels),
            Sums = Take(ref next, all * sizes.Sums),
            Kept = Take(ref next, kept * sizes.Kept),
            States = Take(ref next, kept * sizes.Units),
            RecurrentSums = Take(ref scratch, (nint)rows * sizes.RecurrentSums),
            Mask = Take(ref scratch, (nint)rows * sizes.Mask),
        };
    }

    /// <summary>Of a backward pass.</summary>
    /// <inheritdoc cref="OfForward"/>
    public static RecurrentMemory OfBackward(in RecurrentSizes sizes, int rows, float* cache, float* scratch)
    {
        var all = (nint)sizes.Steps * rows;
        float* sumGradient;
        return new RecurrentMemory(in sizes, rows, keepsSteps: true)
        {
            Inputs = Take(ref cache, all * sizes.Channels),
            Sums = Take(ref cache, all * sizes.Sums),
            Kept = Take(ref cache, all * sizes.Kept),
            States = Take(ref cache, all * sizes.Units),
            SumGradient = sumGradient = Take(ref scratch, all * sizes.Sums),
            RecurrentSumGradient = sizes.RecurrentSums == 0 ? sumGradient : Take(ref scratch, all * sizes.Sums),
            InputGradient = Take(ref scratch, all * sizes.Channels),
            StateGradient = Take(ref scratch, (nint)rows * sizes.Units),
            CarriedGradient = Take(ref scratch, (nint)rows * sizes.Units),
            Mask = Take(ref scratch, (nint)rows * sizes.Mask),
            TransposedWeights = Take(ref scratch, (nint)sizes.Units * sizes.Sums),
        };
    }

    /// <summary>A step for some rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RecurrentStep At(int step, int firstRow, int endRow)
    {
        var (row, kept, previous) = ((nint)step * _rows + firstRow, (nint)step * _keptRows + firstRow, (nint)(step - 1) * _keptRows + firstRow);
        return new RecurrentStep
        {
            Rows = endRow - firstRow,
            Units = _sizes.Units,
            Sums = Sums + row * _sizes.Sums,
            RecurrentSums = RecurrentSums + (nint)firstRow * _sizes.RecurrentSums,
            Kept = Kept + kept * _sizes.Kept,
            PreviousKept = step == 0 ? null : Kept + previous * _sizes.Kept,
            State = States + kept * _sizes.Units,
            PreviousState = step == 0 ? null : States + previous * _sizes.Units,
            StateGradient = StateGradient + (nint)firstRow * _sizes.Units,
            CarriedGradient = CarriedGradient + (nint)firstRow * _sizes.Units,
            SumGradient = SumGradient + row * _sizes.Sums,
            RecurrentSumGradient = RecurrentSumGradient + row * _sizes.Sums,
        };
    }

    private static float* Take(ref float* next, nint length)
    {
        var piece = next;
        next += length;
        return piece;
    }
}
