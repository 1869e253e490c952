namespace MLNet.DenseNet.Benchmarks;

/// <summary>What is to be learned from a table.</summary>
internal enum TabularTask
{
    Regression,
    Binary,
    Multiclass,
}
