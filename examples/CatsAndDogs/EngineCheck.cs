namespace CatsAndDogs;

/// <summary>Holds numbers that are computed by hand to those of the engine.</summary>
internal sealed class EngineCheck
{
    private const double Tolerance = 1e-5;

    /// <summary>Whether all were the same so far.</summary>
    public bool IsRight { get; private set; } = true;

    /// <returns>The engine's number.</returns>
    public float Check(double byHand, float byEngine)
    {
        if (Math.Abs(byHand - byEngine) > Tolerance)
        {
            Console.WriteLine($"  by hand it is {byHand}, in the engine {byEngine}");
            IsRight = false;
        }

        return byEngine;
    }
}
