namespace MLNet.DenseNet.Benchmarks;

/// <summary>An optimizer to measure.</summary>
/// <param name="Name">The name in the tables.</param>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="StateCount">How many values it remembers for each parameter, by its formula.</param>
internal sealed record OptimizerKind(string Name, Optimizer Optimizer, int StateCount)
{
    /// <summary>Plain descent first: what the others are compared with.</summary>
    public static IReadOnlyList<OptimizerKind> All { get; } =
    [
        new("SGD", new StochasticGradientDescent(), StateCount: 0),
        new("SGD, momentum", new StochasticGradientDescent(0.9f), StateCount: 1),
        new("SGD, Nesterov momentum", new StochasticGradientDescent(0.9f, nesterov: true), StateCount: 1),
        new("Adam", new Adam(), StateCount: 2),
    ];
}
