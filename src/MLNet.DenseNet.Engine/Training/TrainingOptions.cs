using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>How a network is trained.</summary>
public class TrainingOptions
{
    /// <summary>For <see cref="BatchSize"/>: all rows at once, which makes each epoch one step of full-batch gradient descent.</summary>
    public const int FullBatch = int.MaxValue;

    private static readonly Optimizer DefaultOptimizer = new Adam();
    private static readonly LearningRateSchedule DefaultSchedule = new ConstantSchedule();

    /// <summary>What each option must be; the tests hold that the documentation says the same.</summary>
    internal static readonly IReadOnlyList<OptionRange<TrainingOptions>> Ranges =
    [
        new(nameof(LearningRate), "be finite and above 0", o => o.LearningRate, o => o.LearningRate is null or (> 0 and < float.PositiveInfinity)),
        new(nameof(BatchSize), "be at least 1", o => o.BatchSize, o => o.BatchSize is null or >= 1),
        new(nameof(NumberOfEpochs), "be at least 1", o => o.NumberOfEpochs, o => o.NumberOfEpochs is null or >= 1),
        new(nameof(WeightDecay), "be finite and at least 0", o => o.WeightDecay, o => o.WeightDecay is null or (>= 0 and < float.PositiveInfinity)),
        new(nameof(GradientNormLimit), "be finite and above 0", o => o.GradientNormLimit, o => o.GradientNormLimit is null or (> 0 and < float.PositiveInfinity)),
        new(nameof(GradientValueLimit), "be finite and above 0", o => o.GradientValueLimit, o => o.GradientValueLimit is null or (> 0 and < float.PositiveInfinity)),
        new(nameof(NumberOfThreads), "be in [1, 1024]", o => o.NumberOfThreads, o => o.NumberOfThreads is null or (>= 1 and <= 1024)),
        new(nameof(ValidationFraction), "be in [0, 1)", o => o.ValidationFraction, o => o.ValidationFraction is >= 0 and < 1),
        new(nameof(CancellationBehavior), "be a member of its enumeration", o => o.CancellationBehavior, o => Enum.IsDefined(o.CancellationBehavior)),
    ];

    /// <summary>
    /// What to make small. Null, the default, fits the output activation: <see cref="SoftmaxCrossEntropy"/> for softmax,
    /// <see cref="BinaryCrossEntropy"/> for sigmoid, else <see cref="MeanSquaredError"/>; in a regression of ML.NET always the latter.
    /// </summary>
    public Loss? Loss { get; set; }

    /// <summary>How gradients change parameters. Null, the default, is <see cref="Adam"/>, which needs the least tuning of its rate; in a pipeline <see cref="AdamW"/> with a weight decay of 0.1 and a rate of 0.003 (without a hidden layer 0.01 and 0.5 / sqrt(rows), from 0.003 to 0.03), where these are open too.</summary>
    public Optimizer? Optimizer { get; set; }

    /// <summary>The size of the steps, finite and above 0. Null, the default, is the optimizer's <see cref="Optimizer.DefaultLearningRate"/>: steps of one size mean something else to each.</summary>
    public float? LearningRate { get; set; }

    /// <summary>How the rate changes while training goes on. Null, the default, is <see cref="ConstantSchedule"/>, not at all; in a pipeline <see cref="CosineSchedule"/>, down to 0.</summary>
    public LearningRateSchedule? LearningRateSchedule { get; set; }

    /// <summary>The rows of a mini-batch, at least 1. Null, the default, is 32, where small data still makes enough steps in an epoch (Masters and Luschi, 2018); in a pipeline 128 from 10,000 rows on. The last batch of an epoch holds what is left; <see cref="FullBatch"/> for one batch of all.</summary>
    public int? BatchSize { get; set; }

    /// <summary>
    /// How often training goes over all rows, at least 1. Null, the default, is 50; in a pipeline 5000 / sqrt(rows), from 10 to 200, and training ends earlier where rows that
    /// are held out say so: an eighth of them, from 40 rows on, unless rows to validate with are given.
    /// </summary>
    public int? NumberOfEpochs { get; set; }

    /// <summary>
    /// The factor λ of the L2 penalty λ/2 * sum of squared weights, finite and at least 0; under <see cref="AdamW"/> the decay of the weights themselves.
    /// Null, the default, is the optimizer's <see cref="Optimizer.DefaultWeightDecay"/>: none but for AdamW. Biases are not penalized and reported losses leave it out.
    /// </summary>
    public float? WeightDecay { get; set; }

    /// <summary>The largest L2 norm that the gradient of all parameters together, in an ensemble those of each member, keeps; a larger one is scaled down to it before the step. Finite and above 0; null, the default, for no limit, since the gradients of dense networks seldom burst.</summary>
    /// <remarks>It leaves the weight decay out. Pascanu, Mikolov and Bengio (2013), as PyTorch's clip_grad_norm_.</remarks>
    public float? GradientNormLimit { get; set; }

    /// <summary>The largest magnitude that each value of the gradient keeps, applied before <see cref="GradientNormLimit"/>. Finite and above 0; null, the default, for no limit: it turns the direction of the step.</summary>
    public float? GradientValueLimit { get; set; }

    /// <summary>Whether rows come in a new random order each epoch; yes by default, since rows often come sorted, and batches of one class teach badly.</summary>
    public bool Shuffle { get; set; } = true;

    /// <summary>
    /// The most threads that work together, in [1, 1024]; more than the processor has cores only do harm. Null, the default, is all cores that the process may use. Products too
    /// small to be worth handing over stay on one; and a training goes on with fewer threads, and comes back to more, as steps are faster with them: where other work keeps
    /// the cores, say, or the time of a container's processors is limited. The number changes no bit of the result.
    /// </summary>
    public int? NumberOfThreads { get; set; }

    /// <summary>Determines initial weights, order of rows, dropout and augmentation: same seed, same data, same model to the bit. Null, the default, draws one, or takes that of the MLContext in a pipeline.</summary>
    public int? Seed { get; set; }

    /// <summary>
    /// The share of the training rows that is split off at random to measure with after each epoch, never to learn from; of each class the same share, to a row, of which at least one stays. In [0, 1);
    /// 0, none, by default, so that all rows are learned from; in a pipeline an eighth where <see cref="NumberOfEpochs"/> is left open or <see cref="EarlyStopping"/> is given, in an ensemble another eighth of each network. In the one or the other way only: not with a validation set.
    /// </summary>
    /// <remarks>
    /// Rows are drawn one by one. Where several belong together (visits of one patient, frames of one film: what ML.NET's <c>samplingKeyColumnName</c> is for), some of a group may be learned from and others measured with, so that
    /// the measured loss is too good and training stops too late. No option keeps groups together here: give a validation set of other groups instead.
    /// </remarks>
    public float ValidationFraction { get; set; }

    /// <summary>
    /// How rows are varied at random on their way into the network while training, never while measuring or predicting: <see cref="ImageAugmentation"/> or <see cref="TableAugmentation"/>;
    /// null, the default, for not at all, since only who knows the rows knows what leaves their meaning as it is. Rows must be dense.
    /// </summary>
    public Augmentation? Augmentation { get; set; }

    /// <summary>How much the rows of each class count while training, for classes of different sizes; null, the default, for all the same, which keeps probabilities true to the data.</summary>
    public ClassWeights? ClassWeights { get; set; }

    /// <summary>When to end training early; null, the default, for never, since training rows alone do not tell when to stop; in a pipeline by the loss where <see cref="NumberOfEpochs"/> is left open. It goes by the validation set, or by the training rows where there is none.</summary>
    public EarlyStopping? EarlyStopping { get; set; }

    /// <summary>
    /// Whether the network ends with the weights of its best epoch, by the metric of <see cref="EarlyStopping"/> (the loss where that is null), instead of the latest
    /// ones, also where training is cancelled. Null, the default, is yes with early stopping, whose last epochs are those that were no better, and no without.
    /// </summary>
    public bool? RestoreBestWeights { get; set; }

    /// <summary>Called on the training thread after every epoch; null, the default, for no call. What it throws ends training and reaches the caller unchanged; <see cref="EpochSummary.Stop"/> ends it in good order.</summary>
    public Action<EpochSummary>? EpochCompleted { get; set; }

    /// <summary>
    /// Called on the training thread after every batch, for progress within long epochs; null, the default, for no call, which costs nothing. Training waits for it, so it should be quick.
    /// What it throws ends training and reaches the caller unchanged.
    /// </summary>
    public Action<BatchProgress>? BatchCompleted { get; set; }

    /// <summary>
    /// Called on the training thread when training has ended and the network has its final weights, with what is returned; null, the default, for no call. In a pipeline it is the short way to the history.
    /// It is not called where training ends in an exception.
    /// </summary>
    public Action<TrainingHistory>? TrainingCompleted { get; set; }

    /// <summary>
    /// Whether gradient norms, dead units and weight histograms of each layer are kept in the history, for a look at how a network learns; no by default. They are measured on up to 32
    /// batches of each epoch, which change no bit of the model.
    /// </summary>
    public bool RecordDiagnostics { get; set; }

    /// <summary>Where training saves how far it is and goes on from there after an interruption; null, the default, for no saving, since most trainings are short. Needs a <see cref="Seed"/>.</summary>
    public Checkpoints? Checkpoints { get; set; }

    /// <summary>Cancels training within a batch; none by default.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>What comes of a training that is cancelled: an <see cref="OperationCanceledException"/>, the default as everywhere in .NET, or the model so far.</summary>
    public CancellationBehavior CancellationBehavior { get; set; }

    /// <summary>Determines which rows are held out where the training that this one goes on from held some out; null for <see cref="Seed"/>.</summary>
    internal int? HoldOutSeed { get; set; }

    /// <summary>Another way to cancel, asked before each batch.</summary>
    internal Func<bool>? IsCanceledByHost { get; set; }

    /// <summary>Whether fewer threads than <see cref="NumberOfThreads"/> work where others need the processors; no for measuring what a fixed number does.</summary>
    internal bool AdaptsThreads { get; set; } = true;

    internal bool IsCanceled => CancellationToken.IsCancellationRequested || IsCanceledByHost?.Invoke() == true;

    internal bool KeepsBestWeights => RestoreBestWeights ?? EarlyStopping is not null;

    /// <summary>The rate in force.</summary>
    internal float EffectiveLearningRate => LearningRate ?? EffectiveOptimizer.DefaultLearningRate;

    internal float EffectiveWeightDecay => WeightDecay ?? EffectiveOptimizer.DefaultWeightDecay;

    internal Optimizer EffectiveOptimizer => Optimizer ?? DefaultOptimizer;

    internal LearningRateSchedule EffectiveSchedule => LearningRateSchedule ?? DefaultSchedule;

    internal int EffectiveBatchSize => BatchSize ?? 32;

    internal int EffectiveNumberOfEpochs => NumberOfEpochs ?? 50;

    internal int EffectiveNumberOfThreads => NumberOfThreads ?? Environment.ProcessorCount;

    /// <summary>Checks every option by itself.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the message names it, its value and the range.</exception>
    internal virtual void Validate()
    {
        foreach (var range in Ranges)
            range.Check(this);
    }

    /// <summary>A copy that later changes of this object do not reach.</summary>
    internal virtual TrainingOptions Copy() => (TrainingOptions)MemberwiseClone();

    internal static void Check(bool isValid, string option, object? value, string requirement)
    {
        if (!isValid)
            throw new ArgumentOutOfRangeException(option, FormattableString.Invariant($"The option {option} is {value ?? "null"}; it must {requirement}."));
    }
}
