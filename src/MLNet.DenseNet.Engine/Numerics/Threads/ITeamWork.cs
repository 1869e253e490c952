namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Work that can be cut into any number of independent parts.</summary>
internal interface ITeamWork
{
    /// <summary>Does one part. May be called from any thread.</summary>
    /// <param name="part">Which, from 0.</param>
    /// <param name="parts">Of how many.</param>
    void Do(int part, int parts);
}
