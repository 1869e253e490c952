using MLNet.DenseNet.ConsoleProgress;
using Spectre.Console;

namespace MLNet.DenseNet;

/// <summary>Shows trainings in a console.</summary>
public static class TrainingProgressExtensions
{
    /// <summary>
    /// Shows training as it happens: in a terminal, of 20 columns or more, a display that is drawn in place, with epochs, batches within long epochs, losses, metric, learning rate, pace and time left; where output is
    /// redirected a line for each epoch. At the end it says how training ended and what to make of it.
    /// </summary>
    /// <remarks>It calls what <see cref="TrainingOptions.BatchCompleted"/>, <see cref="TrainingOptions.EpochCompleted"/> and <see cref="TrainingOptions.TrainingCompleted"/> held before it. Where other
    /// output comes in between, the display begins anew below it or is drawn over it.</remarks>
    /// <typeparam name="TOptions">The class of the options.</typeparam>
    /// <param name="options">The options, which change.</param>
    /// <param name="console">Where to; null for the process's own.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <example>
    /// <code>
    /// var options = new DenseNeuralNetOptions { ValidationFraction = 0.2f }.ShowProgress();
    /// </code>
    /// </example>
    public static TOptions ShowProgress<TOptions>(this TOptions options, IAnsiConsole? console = null)
        where TOptions : TrainingOptions
    {
        ArgumentNullException.ThrowIfNull(options);
        console ??= AnsiConsole.Console;
        if (console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi)
        {
            var display = new LiveProgress(console, options);
            options.BatchCompleted += display.Show;
            options.EpochCompleted += display.Show;
            options.TrainingCompleted += display.End;
        }
        else
        {
            var lines = new ProgressLines(console.Profile.Out.Writer, options);
            options.EpochCompleted += lines.Write;
            options.TrainingCompleted += lines.End;
        }

        return options;
    }
}
