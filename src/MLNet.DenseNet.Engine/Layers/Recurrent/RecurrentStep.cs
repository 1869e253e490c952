namespace MLNet.DenseNet.Engine;

/// <summary>One step of a recurrent layer, for the rows of one thread. All matrices begin at the first of them.</summary>
internal readonly unsafe struct RecurrentStep
{
    public int Rows { get; init; }

    public int Units { get; init; }

    /// <summary>(rows x gates·units): the sums; after the forward pass what the cell keeps in their place.</summary>
    public float* Sums { get; init; }

    /// <summary>(rows x gates·units): h U and its bias, where the cell has them apart.</summary>
    public float* RecurrentSums { get; init; }

    /// <summary>(rows x kept·units): what the cell keeps besides.</summary>
    public float* Kept { get; init; }

    /// <summary>What it kept from the step before; null in the first step.</summary>
    public float* PreviousKept { get; init; }

    /// <summary>(rows x units): h, the state after the step.</summary>
    public float* State { get; init; }

    /// <summary>The state before the step; null in the first step, where it is 0.</summary>
    public float* PreviousState { get; init; }

    /// <summary>(rows x units): the gradient of the state.</summary>
    public float* StateGradient { get; init; }

    /// <summary>(rows x units): the gradient of a second value that the cell passes on from step to step; 0 before the last step.</summary>
    public float* CarriedGradient { get; init; }

    /// <summary>(rows x gates·units): the gradient of x W + b.</summary>
    public float* SumGradient { get; init; }

    /// <summary>(rows x gates·units): the gradient of h U; the same memory where it is added to x W + b.</summary>
    public float* RecurrentSumGradient { get; init; }
}
