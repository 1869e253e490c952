namespace MLNet.DenseNet.Engine;

/// <summary>The byte layout of a saved training history. Numbers are little-endian, strings as BinaryWriter writes them.</summary>
/// <remarks>
/// <code>
/// bytes 4    "MLDH"
/// uint16     version of the layout: 10; version 9 does not say what was held out, version 8 also has no steps of an epoch, version 7 also has no baseline loss, version 6 also has no annealing, version 5 also has no NDCG, version 4 also has no layers inside others, version 3 also has no objectives and ends with the histograms, version 2 also has no limits to early stopping in the settings, no
///            class-weighted accuracies and no number of members, version 1 ends after the epochs, which have no layers
/// byte       why training ended (TrainingEnd)
/// int32      the restored epoch, 0 for none
///            the settings (TrainingSettings): string loss, string optimizer, float32 learning rate, string schedule, float32 weight decay,
///            int32 batch size, int32 epochs, bool shuffle, int32 seed, int32 training rows, int32 validation rows,
///            float64 limit of the gradient's norm and of its values, or the bits for none, string augmentation, string class weights, string early stopping, empty for none
/// int32      number of epochs, then for each, from the first:
///            float64 loss, then accuracy, R-squared, validation loss, validation accuracy, validation R-squared: the bits FFF8000000000000
///            for none, 7FF8000000000000 for a value that is not a number;
///            class-weighted accuracy and that of validation, objective and that of validation where they are other numbers than the losses, NDCG and that of validation, likewise; float32 learning rate, float64 rows a second, int64 elapsed and int64 left in ticks of 100 ns;
///            int32 the epoch that annealing went on from, in its first epoch, else 0;
///            int32 number of layers measured, then for each: int32 position, float64 gradient norm, float64 share of dead units, or the bits for none
/// float64    the baseline accuracy, or the bits for none, then the baseline loss likewise
/// int32      number of layers, 0 where the network was not kept, then for each: string layer, string activation, empty for none,
///            the shapes of input and output, each as byte number of dimensions and int32 for each; int32 parameters, int32 values a row,
///            int32 members of an ensemble that have such a layer, 1 for none, int32 number of layers inside it, then each of these likewise
/// int32      number of layers with histograms, then for each: int32 position, then of the initial and the final weights:
///            float32 lowest, float32 highest, int32 number of intervals, int32 count of each
/// int32      the epochs, then int64 the steps, of the trainings that this one went on from; int32 the seed of the rows held out; int64 the steps of an epoch
/// float32    the share of the rows held out, -1 where it is not known; byte what was dealt (HoldOutUnit); bool whether each member of an ensemble left out others; bool whether those held out may have been learned before
/// uint32     CRC-32C of all bytes before
/// </code>
/// </remarks>
internal static class TrainingHistoryFormat
{
    /// <summary>The first version with the part of the rows that was held out.</summary>
    public const ushort FirstWithHeldOutPart = 10;

    /// <summary>The first version with the steps of an epoch: in older ones, those of groups of rows are not known.</summary>
    public const ushort FirstWithSteps = 9;

    /// <summary>The first version with the loss of a guess.</summary>
    public const ushort FirstWithBaselineLoss = 8;

    /// <summary>The first version with the beginning of annealing.</summary>
    public const ushort FirstWithAnnealing = 7;

    /// <summary>The first version with NDCG.</summary>
    public const ushort FirstWithNdcg = 6;

    /// <summary>The first version with layers inside others.</summary>
    public const ushort FirstWithInnerLayers = 5;

    /// <summary>The first version with objectives, and with the trainings that this one went on from.</summary>
    public const ushort FirstWithObjectives = 4;

    /// <summary>The first version with all settings, class-weighted accuracies and members of ensembles.</summary>
    public const ushort FirstWithAllSettings = 3;

    public const ushort FirstVersion = 1;

    /// <summary>Stands for the share of held-out rows of a history that was read from an older version.</summary>
    public const float NoFraction = -1;

    private const ushort Version = 10;

    // Both are not-a-number, of which float64 has many bit patterns.
    private const ulong None = 0xFFF8_0000_0000_0000;
    private const ulong NotANumber = 0x7FF8_0000_0000_0000;

    public static SavedFrame Frame { get; } = new("MLDH"u8, Version, FirstVersion)
    {
        NoSignature = "The data is not a saved training history: its signature is missing.",
        OtherVersion = version => $"The saved training history is of version {version}; this library reads versions {FirstVersion} to {Version}.",
        Damaged = how => $"The saved training history is damaged: {how}.",
    };

    public static ulong ToBits(double? value) => value is not { } number ? None : double.IsNaN(number) ? NotANumber : BitConverter.DoubleToUInt64Bits(number);

    public static double? FromBits(ulong bits) => bits == None ? null : BitConverter.UInt64BitsToDouble(bits);
}
