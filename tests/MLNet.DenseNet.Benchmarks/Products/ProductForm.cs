namespace MLNet.DenseNet.Benchmarks;

/// <summary>The three matrix products of a dense layer on a batch.</summary>
internal enum ProductForm
{
    /// <summary>The outputs: (batch x inputs) times (inputs x units).</summary>
    Forward,

    /// <summary>The gradient of the weights: (inputs x batch) times (batch x units).</summary>
    WeightGradient,

    /// <summary>The gradient of the inputs: (batch x units) times (units x inputs).</summary>
    InputGradient,
}
