namespace MLNet.DenseNet.Engine;

/// <summary>What changes the values of a parameter.</summary>
internal enum ParameterRole
{
    /// <summary>The optimizer, by their gradient.</summary>
    Trained,

    /// <summary>Forward passes in training, such as a running mean. Part of checkpoints and of the best weights, as all that training changes.</summary>
    RunningStatistic,

    /// <summary>Nothing while training: set once, before it.</summary>
    Constant,
}
