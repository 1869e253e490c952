using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>How a network is trained. Null stands for the option's default, which its documentation gives as its value.</summary>
public class TrainingOptions
{
    /// <summary>For <see cref="BatchSize"/>: all rows at once, so that each epoch is one step.</summary>
    public const int FullBatch = int.MaxValue;

    internal const int DefaultBatchSize = 32;
    internal const int DefaultNumberOfEpochs = 50;

    private static readonly Optimizer DefaultOptimizer = new Adam();
    private static readonly LearningRateSchedule DefaultSchedule = new ConstantSchedule();

    /// <summary>What each option must be. Tests hold that the documentation says the same.</summary>
    internal static readonly IReadOnlyList<OptionRange<TrainingOptions>> Ranges =
    [
        new(nameof(LearningRate), "be finite and above 0", o => o.LearningRate, o => o.LearningRate is null or (> 0 and < float.PositiveInfinity)),
        new(nameof(BatchSize), "be at least 1", o => o.BatchSize, o => o.BatchSize is null or >= 1),
        new(nameof(NumberOfEpochs), "be at least 1", o => o.NumberOfEpochs, o => o.NumberOfEpochs is null or >= 1),
        new(nameof(LearningRateSchedule), "reach the full rate within NumberOfEpochs", o => o.LearningRateSchedule, o => !(o.LearningRateSchedule is WarmUpSchedule warmUp && warmUp.WholeRise > o.NumberOfEpochs)),
        new(nameof(WeightDecay), "be finite and at least 0", o => o.WeightDecay, o => o.WeightDecay is null or (>= 0 and < float.PositiveInfinity)),
        new(nameof(GradientNormLimit), "be finite and above 0", o => o.GradientNormLimit, o => o.GradientNormLimit is null or (> 0 and < float.PositiveInfinity)),
        new(nameof(GradientValueLimit), "be finite and above 0", o => o.GradientValueLimit, o => o.GradientValueLimit is null or (> 0 and < float.PositiveInfinity)),
        new(nameof(NumberOfThreads), $"be in [1, {ThreadTeam.Most}]", o => o.NumberOfThreads, o => o.NumberOfThreads is null or (>= 1 and <= ThreadTeam.Most)),
        new(nameof(ValidationFraction), "be in [0, 1)", o => o.ValidationFraction, o => o.ValidationFraction is >= 0 and < 1),
        new(nameof(CancellationBehavior), "be a member of its enumeration", o => o.CancellationBehavior, o => Enum.IsDefined(o.CancellationBehavior)),
    ];

    /// <summary>What training minimizes.</summary>
    /// <value>Null, which fits the output activation: <see cref="SoftmaxCrossEntropy"/> for softmax, <see cref="BinaryCrossEntropy"/> for sigmoid, else <see cref="MeanSquaredError"/>.</value>
    /// <remarks>
    /// A loss that is computed from logits, or from logarithms as <see cref="PoissonLoss"/>, <see cref="GammaLoss"/> and <see cref="TweedieLoss"/>, needs the output activation that it belongs to, or identity. A class derived from <see cref="CustomLoss"/> is a loss of your own. Reported losses are means over
    /// rows, without the penalty of <see cref="WeightDecay"/>.
    /// </remarks>
    public Loss? Loss { get; set; }

    /// <summary>How gradients change the parameters.</summary>
    /// <value>Null, which is <see cref="Adam"/>: its rate needs the least tuning.</value>
    /// <remarks>It decides what <see cref="LearningRate"/> and <see cref="WeightDecay"/> are where they are null, and what a weight decay does. Example: <c>new StochasticGradientDescent(momentum: 0.9f)</c>.</remarks>
    public Optimizer? Optimizer { get; set; }

    /// <summary>The size of the steps, finite and above 0.</summary>
    /// <value>Null, which is the optimizer's <see cref="Optimizer.DefaultLearningRate"/>: a rate that suits one optimizer does not suit another.</value>
    /// <remarks><see cref="LearningRateSchedule"/> multiplies it, step by step. <see cref="LearningRateFinder"/> looks for one.</remarks>
    public float? LearningRate { get; set; }

    /// <summary>How the learning rate changes from step to step or from epoch to epoch, as a factor of <see cref="LearningRate"/>.</summary>
    /// <value>Null, which is <see cref="ConstantSchedule"/>: the rate stays what it is.</value>
    /// <remarks>Schedules that end at a last factor reach it after <see cref="NumberOfEpochs"/>, also where training ends early. Example: <c>new WarmUpSchedule(epochs: 2, new CosineSchedule())</c>.</remarks>
    public LearningRateSchedule? LearningRateSchedule { get; set; }

    /// <summary>The number of rows in a mini-batch, at least 1.</summary>
    /// <value>Null, which is 32: small data still makes enough steps in an epoch (Masters and Luschi, 2018).</value>
    /// <remarks>The last batch of an epoch holds what is left. <see cref="FullBatch"/> makes one batch of all rows. Larger batches make fewer and surer steps, which mostly need a higher <see cref="LearningRate"/>.</remarks>
    public int? BatchSize { get; set; }

    /// <summary>The number of times that training goes over all rows, at least 1.</summary>
    /// <value>Null, which is 50.</value>
    /// <remarks>With <see cref="EarlyStopping"/> it is the most. Schedules of the learning rate are laid out over all of them.</remarks>
    public int? NumberOfEpochs { get; set; }

    /// <summary>The factor λ of the penalty λ/2 * (sum of squared weights) that is added to the loss, finite and at least 0.</summary>
    /// <value>Null, which is the optimizer's <see cref="Optimizer.DefaultWeightDecay"/>: 0.01 for <see cref="AdamW"/> and <see cref="Muon"/>, 0 for all others.</value>
    /// <remarks>Under <see cref="AdamW"/> and <see cref="Muon"/> it is the decay of the weights themselves: rate * λ of each is taken off at every step. Biases are not penalized, and reported losses leave the penalty out.</remarks>
    public float? WeightDecay { get; set; }

    /// <summary>Whether <see cref="WeightDecay"/> is less in a regression, the less of the targets is noise and the more rows there are.</summary>
    /// <value>Null, for no: the decay stays what it is.</value>
    /// <remarks>
    /// In each epoch it is multiplied by 25,000 * (1 - R-squared) / rows, where that is below 1, with the R-squared of the validation set after the epoch before and the number of rows of an epoch; in the first epoch, of a training that goes on from a model too, it is whole. How far noise
    /// carries weights away goes with the share of the targets that is noise, and with the inverse of the rows, as in Bayesian linear regression (MacKay, "Bayesian interpolation", 1992). Where both leave little to hold back, a decay only takes away
    /// what was learned. In a classification, and without a validation set, it changes nothing.
    /// </remarks>
    public bool? AdaptWeightDecay { get; set; }

    /// <summary>Whether the network is the exponential moving average of its weights over the last steps, as many as two epochs have, instead of the weights of the last step.</summary>
    /// <value>Null, for no.</value>
    /// <remarks>
    /// Steps go on from the weights themselves. The average is what is measured after each epoch, compared, kept and returned; in the first two epochs it is the mean of the weights so far, and an annealing (<see cref="EarlyStopping.AnnealingEpochs"/>)
    /// goes on from the best one and takes none. Running statistics, as of batch normalization, are averaged too. It evens out what single steps do by chance, as a lower rate would, without being as slow. On sparse rows it takes longer than the step itself, since the weights of all features are averaged. Polyak and Juditsky,
    /// "Acceleration of stochastic approximation by averaging" (1992); Keras has it as use_ema, PyTorch in AveragedModel.
    /// </remarks>
    public bool? AverageWeights { get; set; }

    /// <summary>The largest L2 norm that the gradient of all parameters together may have, finite and above 0; a larger gradient is scaled down to it before the step.</summary>
    /// <value>Null, for no limit: the gradients of dense networks seldom explode.</value>
    /// <remarks>
    /// In an ensemble each member's gradient has its own norm. It comes after <see cref="GradientValueLimit"/> and leaves the weight decay out. Pascanu, Mikolov and Bengio, "On the difficulty of training
    /// recurrent neural networks" (2013), as PyTorch's clip_grad_norm_.
    /// </remarks>
    public float? GradientNormLimit { get; set; }

    /// <summary>The largest magnitude that each value of the gradient may have, finite and above 0; a larger one is clipped to it before the step.</summary>
    /// <value>Null, for no limit: clipping single values changes the direction of the step.</value>
    /// <remarks>It comes before <see cref="GradientNormLimit"/>. As PyTorch's clip_grad_value_.</remarks>
    public float? GradientValueLimit { get; set; }

    /// <summary>Whether rows come in a new random order in each epoch.</summary>
    /// <value>True: rows often come sorted, and batches of one class teach badly.</value>
    /// <remarks>The order depends on <see cref="Seed"/> and on the number of the epoch.</remarks>
    public bool Shuffle { get; set; } = true;

    /// <summary>The most threads that work together, in [1, 1024].</summary>
    /// <value>Null, for as many as the process may use cores.</value>
    /// <remarks>
    /// The number changes no bit of the result. More threads than cores only do harm. Products that are too small to be shared stay on one thread. Training goes on with fewer threads, and comes back to more, where
    /// that makes steps faster: where other work keeps the cores, say, or a container's processor time is limited.
    /// </remarks>
    public int? NumberOfThreads { get; set; }

    /// <summary>The number that all random choices of a training begin with: initial weights, order of rows, rows held out, dropout and augmentation.</summary>
    /// <value>Null, for another one each time.</value>
    /// <remarks>Same seed, same data and same options give the same model to the bit, on any number of threads and any processor. <see cref="Checkpoints"/> need a seed.</remarks>
    public int? Seed { get; set; }

    /// <summary>The share of the training rows that is split off at random, to measure with after each epoch and never to learn from, in [0, 1).</summary>
    /// <value>0: all rows are learned from.</value>
    /// <remarks>
    /// <para>The same share is split off from each class, to within a row, and each class keeps at least one row to learn from. It cannot be combined with a validation set.</para>
    /// <para>
    /// Rows are drawn one by one. Where several belong together (visits of one patient, frames of one film: what ML.NET's <c>samplingKeyColumnName</c> is for), some rows of a group may be learned from and others measured with. The
    /// measured loss is then too good, and training stops too late. Only the groups of a ranking (<see cref="Dataset.WithGroups(ReadOnlySpan{int})"/>) are kept together: elsewhere give a validation set of other groups instead.
    /// </para>
    /// </remarks>
    public float ValidationFraction { get; set; }

    /// <summary>How rows are varied at random on their way into the network while training, never while measuring or predicting.</summary>
    /// <value>Null, for not at all: only those who know the data know which changes keep its meaning.</value>
    /// <remarks>Kinds: <see cref="ImageAugmentation"/>, <see cref="TableAugmentation"/>. Rows must be dense, and no numbers that an <see cref="EmbeddingLayer"/> looks up. The training loss is that of the varied rows.</remarks>
    public Augmentation? Augmentation { get; set; }

    /// <summary>How much the rows of each class count while training, for classes of different sizes.</summary>
    /// <value>Null, for all the same, which keeps probabilities true to the data.</value>
    /// <remarks>The best epoch is chosen by them too. A row's own weight is multiplied by its class's. Example: <c>ClassWeights.Balanced</c>.</remarks>
    public ClassWeights? ClassWeights { get; set; }

    /// <summary>When training ends before <see cref="NumberOfEpochs"/>.</summary>
    /// <value>Null, for never: the training rows alone do not tell when to stop.</value>
    /// <remarks>It goes by the validation set, or by the training rows where there is none. With it, <see cref="RestoreBestWeights"/> is on unless it is set.</remarks>
    public EarlyStopping? EarlyStopping { get; set; }

    /// <summary>Whether the network ends with the weights of its best epoch instead of the latest ones.</summary>
    /// <value>Null, which is yes with <see cref="EarlyStopping"/>, whose last epochs are those that were no better, and no without.</value>
    /// <remarks>The best epoch is the one with the best metric of <see cref="EarlyStopping"/>, or the smallest loss where that is null. It holds where training is cancelled too.</remarks>
    public bool? RestoreBestWeights { get; set; }

    /// <summary>Called on the training thread after every epoch, with its losses and metrics.</summary>
    /// <value>Null, for no call.</value>
    /// <remarks>
    /// <see cref="EpochSummary.Stop"/> ends training in good order. What the call throws ends training and reaches the caller unchanged. A training that goes on from a checkpoint (<see cref="Checkpoints"/>) calls it again for the epoch that was saved,
    /// since the interruption may have come before the call was done.
    /// </remarks>
    public Action<EpochSummary>? EpochCompleted { get; set; }

    /// <summary>Called on the training thread after every batch, with how far the epoch is.</summary>
    /// <value>Null, for no call, which costs nothing.</value>
    /// <remarks>Training waits for it, so it should be quick. What it throws ends training and reaches the caller unchanged.</remarks>
    public Action<BatchProgress>? BatchCompleted { get; set; }

    /// <summary>Called on the training thread when training has ended and the network has its final weights, with the history of the training.</summary>
    /// <value>Null, for no call.</value>
    /// <remarks>It is not called where training ends in an exception. In a pipeline it is the short way to the history.</remarks>
    public Action<TrainingHistory>? TrainingCompleted { get; set; }

    /// <summary>Whether the history keeps gradient norms, dead units and weight histograms of each layer.</summary>
    /// <value>False: they take time, and only a look at how a network learns needs them.</value>
    /// <remarks>They are measured on up to 32 batches of each epoch, and change no bit of the model.</remarks>
    public bool RecordDiagnostics { get; set; }

    /// <summary>Where training saves how far it is, to go on from there after an interruption.</summary>
    /// <value>Null, for no saving: most trainings are short.</value>
    /// <remarks>They need a <see cref="Seed"/>. Example: <c>new Checkpoints("checkpoints", everyEpochs: 5)</c>.</remarks>
    public Checkpoints? Checkpoints { get; set; }

    /// <summary>Cancels training, after the batch that runs.</summary>
    /// <value>None: training cannot be cancelled by it.</value>
    /// <remarks><see cref="CancellationBehavior"/> says what comes of a cancelled training. A row that is being read is waited for.</remarks>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>What comes of a training that is cancelled: an exception, or the model so far.</summary>
    /// <value>Throw: an <see cref="OperationCanceledException"/>, as everywhere in .NET.</value>
    /// <remarks>It holds for <see cref="CancellationToken"/> and for a host that cancels. There is no model before the first epoch is complete.</remarks>
    public CancellationBehavior CancellationBehavior { get; set; }

    /// <summary>What <see cref="WeightDecay"/> makes small of functions of single numbers; null for squares.</summary>
    internal FunctionDecay? FunctionDecay { get; set; }

    /// <summary>The seed of the training that this one goes on from, by which rows are held out; null for <see cref="Seed"/>.</summary>
    internal int? HoldOutSeed { get; set; }

    /// <summary>Another way to cancel, asked before each batch.</summary>
    internal Func<bool>? IsCanceledByHost { get; set; }

    /// <summary>Whether fewer threads than <see cref="NumberOfThreads"/> work while other programs keep the cores busy. No where the effect of a fixed number is measured.</summary>
    internal bool AdaptsThreads { get; set; } = true;

    internal bool IsCanceled => CancellationToken.IsCancellationRequested || IsCanceledByHost?.Invoke() == true;

    internal bool KeepsBestWeights => RestoreBestWeights ?? EarlyStopping is not null;

    /// <summary>The rate in force.</summary>
    internal float EffectiveLearningRate => LearningRate ?? EffectiveOptimizer.DefaultLearningRate;

    internal float EffectiveWeightDecay => WeightDecay ?? EffectiveOptimizer.DefaultWeightDecay;

    internal Optimizer EffectiveOptimizer => Optimizer ?? DefaultOptimizer;

    internal LearningRateSchedule EffectiveSchedule => LearningRateSchedule ?? DefaultSchedule;

    internal int EffectiveBatchSize => BatchSize ?? DefaultBatchSize;

    internal int EffectiveNumberOfEpochs => NumberOfEpochs ?? DefaultNumberOfEpochs;

    internal int EffectiveNumberOfThreads => NumberOfThreads ?? Environment.ProcessorCount;

    /// <summary>Checks every option by itself.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the message names it, its value and the range.</exception>
    internal virtual void Validate()
    {
        foreach (var range in Ranges)
            range.Check(this);
    }

    /// <summary>Takes what the augmentation leaves open from the shape of a network's input.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not fit that shape.</exception>
    internal void FitAugmentation(Shape inputShape)
    {
        if (Augmentation is null)
            return;
        var mismatch = Augmentation.Mismatch(inputShape);
        Check(mismatch is null, nameof(Augmentation), Augmentation, $"{mismatch}");
        Augmentation = Augmentation.For(inputShape);
    }

    /// <summary>A copy that later changes of this object do not reach.</summary>
    internal virtual TrainingOptions Copy() => (TrainingOptions)MemberwiseClone();

    internal static void Check(bool isValid, string option, object? value, string requirement)
    {
        if (!isValid)
            throw new ArgumentOutOfRangeException(option, FormattableString.Invariant($"The option {option} is {value ?? "null"}; it must {requirement}."));
    }
}
