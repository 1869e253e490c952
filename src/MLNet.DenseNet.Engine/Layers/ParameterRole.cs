namespace MLNet.DenseNet.Engine;

/// <summary>What changes the values of a parameter.</summary>
internal enum ParameterRole
{
    /// <summary>The optimizer, by their gradient.</summary>
    Trained,

    /// <summary>Forward passes in training, such as a running mean. Checkpoints and the best weights hold them, like everything that training changes.</summary>
    RunningStatistic,

    /// <summary>Nothing while training: set once, before it.</summary>
    Constant,
}
