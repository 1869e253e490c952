namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>What <see cref="LaneSums"/> adds up, written once for all vector widths.</summary>
internal interface ISumTerm
{
    /// <summary>The sum with the terms from <paramref name="index"/> on, as many as <typeparamref name="TV"/> has lanes.</summary>
    TV Add<TV>(TV sum, int index) where TV : struct, ISimd<TV>;
}
