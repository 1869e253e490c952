namespace MLNet.DenseNet;

/// <content>
/// The options of training that have another default in a pipeline. They are declared again so that an editor shows that default. Their values are kept by the base class.
/// </content>
public sealed partial class DenseNeuralNetOptions
{
    /// <summary>What training minimizes.</summary>
    /// <value>Null, which fits the task and <see cref="OutputActivation"/>: <see cref="SoftmaxCrossEntropy"/> for softmax, <see cref="BinaryCrossEntropy"/> for sigmoid; in a regression always <see cref="MeanSquaredError"/>, in a ranking <see cref="ListNetLoss"/>.</value>
    /// <remarks>
    /// A loss that is computed from logits, or from logarithms as <see cref="PoissonLoss"/>, <see cref="GammaLoss"/> and <see cref="TweedieLoss"/>, needs the output activation that it belongs to. <see cref="QuantileLoss"/> predicts a quantile, <see cref="MultiQuantileLoss"/> several of one number. <see cref="ListNetLoss"/> compares the rows of a group, in a ranking only, where a loss for numbers learns each row's relevance by itself. A class derived from <see cref="CustomLoss"/> is a loss of your own. Reported losses are means over
    /// rows, without the penalty of <see cref="WeightDecay"/>. Regressions learn standardized targets where the loss allows it, and report losses in the targets' own units.
    /// </remarks>
    public new Loss? Loss { get => base.Loss; set => base.Loss = value; }

    /// <summary>How gradients change the parameters.</summary>
    /// <value>Null, which is <see cref="AdamW"/>, or <see cref="Muon"/> where rows are measured with, <see cref="NumberOfEpochs"/>, <see cref="EarlyStopping"/>, <see cref="LearningRateSchedule"/> and <see cref="LearningRate"/> are left open, <see cref="BatchSize"/> is too or at least 64, <see cref="AverageWeights"/> is not off, and the loss is a cross-entropy of classes or <see cref="MeanSquaredError"/>, as by default: with a hidden layer, from 3,000 rows on where numbers are embedded (<see cref="NumericEmbedding"/>), below 10,000 with an interval of 2, or a regression has rows that are kept sparse, and in a classification of images; without the first layer where two of three of its inputs or more are no numbers or functions of these, as where categories have many values. Rate and weight decay then suit most data.</value>
    /// <remarks>
    /// It decides what <see cref="LearningRate"/> and <see cref="WeightDecay"/> are where they are null: an optimizer that is given has its own, <see cref="AdamW"/> too. Example: <c>new StochasticGradientDescent(momentum: 0.9f)</c>.
    /// </remarks>
    public new Optimizer? Optimizer { get => base.Optimizer; set => base.Optimizer = value; }

    /// <summary>The size of the steps, finite and above 0.</summary>
    /// <value>
    /// Null, which is 0.003, or 0.005 with batches of more than 32 rows and, from 800 rows on, in a classification where numbers are embedded (<see cref="NumericEmbedding"/>), 0.01 there with <see cref="Muon"/>, and without where more than 256 numbers are embedded; without a hidden layer 0.5 / sqrt(rows), from 0.003 to 0.03, but 0.001 where it begins at a linear model of principal components, and of more than 2,048 features with fewer rows (<see cref="HiddenLayers"/>) one by which a step of all of them together changes an output by about 1. Of rows that are kept sparse (<see cref="NumericEmbedding"/>), without <see cref="Layers"/>, it is 0.001 there, and in a classification 0.0003, or 0.001 where <see cref="NumberOfEpochs"/> is given. Going on from a model, it is a tenth of that where <see cref="NumberOfEpochs"/> is left open: what was learned is soon lost at a higher one. Where <see cref="Optimizer"/> is given, it is that one's <see cref="MLNet.DenseNet.Optimizer.DefaultLearningRate"/>.
    /// </value>
    /// <remarks><see cref="LearningRateSchedule"/> multiplies it, step by step. <c>FindLearningRate</c> of a trainer looks for one.</remarks>
    public new float? LearningRate { get => base.LearningRate; set => base.LearningRate = value; }

    /// <summary>How the learning rate changes from step to step or from epoch to epoch, as a factor of <see cref="LearningRate"/>.</summary>
    /// <value>Null, which is <see cref="CosineSchedule"/>, down to 0: the last steps are small and settle the weights. Where <see cref="EarlyStopping"/> is left open with <see cref="NumberOfEpochs"/>, or has epochs of annealing, it is <see cref="ConstantSchedule"/>.</value>
    /// <remarks>Schedules that end at a last factor reach it after <see cref="NumberOfEpochs"/>, also where training ends early. Example: <c>new WarmUpSchedule(epochs: 2, new CosineSchedule())</c>.</remarks>
    public new LearningRateSchedule? LearningRateSchedule { get => base.LearningRateSchedule; set => base.LearningRateSchedule = value; }

    /// <summary>The number of rows in a mini-batch, at least 1.</summary>
    /// <value>Null, which is 32, and 128 from 10,000 rows on, but where they are kept sparse and <see cref="Layers"/> is left open, and in a ranking. Where numbers are embedded (<see cref="NumericEmbedding"/>) and <see cref="Muon"/> is the default, it is 64 in a classification and 128 otherwise, from 10,000 rows on 128, from 20,000 on 256, from 40,000 on 512: many rows make enough steps in an epoch with larger batches too, which take less time.</value>
    /// <remarks>
    /// The last batch of an epoch holds what is left. <see cref="TrainingOptions.FullBatch"/> makes one batch of all rows. Larger batches make fewer and surer steps, which mostly need a higher <see cref="LearningRate"/>.
    /// </remarks>
    public new int? BatchSize { get => base.BatchSize; set => base.BatchSize = value; }

    /// <summary>The number of times that training goes over all rows, at least 1.</summary>
    /// <value>
    /// Null, which is 5000 / sqrt(rows), from 10 to 200, and 3 times that in a classification of rows that are kept sparse, with a hidden layer, where rate, optimizer, schedule and early stopping are open too. Going on from a model with too few rows to hold any out, or with rows of one class, it is 3. Training ends earlier where rows that are held out, or those of a validation set, say so.
    /// </value>
    /// <remarks>
    /// Left open, it has rows held out (<see cref="ValidationFraction"/>), an ensemble trained (<see cref="EnsembleSize"/>) and training ended early (<see cref="EarlyStopping"/>). Given, all rows are learned from as often as it
    /// says, by one network, unless those options are given too.
    /// </remarks>
    public new int? NumberOfEpochs { get => base.NumberOfEpochs; set => base.NumberOfEpochs = value; }

    /// <summary>The factor λ of the penalty λ/2 * (sum of squared weights) that is added to the loss, finite and at least 0.</summary>
    /// <value>Null, which is 0.1, where numbers are embedded (<see cref="NumericEmbedding"/>) 0.3, without a hidden layer 0.01. Where <see cref="Optimizer"/> is given, it is that one's <see cref="MLNet.DenseNet.Optimizer.DefaultWeightDecay"/>.</value>
    /// <remarks>Under <see cref="AdamW"/> and <see cref="Muon"/> it is the decay of the weights themselves: rate * λ of each is taken off at every step. Biases are not penalized, and reported losses leave the penalty out.</remarks>
    public new float? WeightDecay { get => base.WeightDecay; set => base.WeightDecay = value; }

    /// <summary>Whether <see cref="WeightDecay"/> is less in a regression, the less of the targets is noise and the more rows there are.</summary>
    /// <value>Null, which is yes where <see cref="WeightDecay"/> and <see cref="Optimizer"/> are left open and the targets are standardized, as in every regression but those of counts and skewed amounts.</value>
    /// <remarks>
    /// In each epoch it is multiplied by 25,000 * (1 - R-squared) / rows, where that is below 1, with the R-squared of the rows held out after the epoch before and the number of rows of an epoch; in the first epoch, of a training that goes on from a model too, it is whole. How far noise
    /// carries weights away goes with the share of the targets that is noise, and with the inverse of the rows, as in Bayesian linear regression (MacKay, "Bayesian interpolation", 1992). Where both leave little to hold back, a decay only takes away
    /// what was learned. In a classification, and where no rows are held out, it changes nothing.
    /// </remarks>
    public new bool? AdaptWeightDecay { get => base.AdaptWeightDecay; set => base.AdaptWeightDecay = value; }

    /// <summary>Whether the network is the exponential moving average of its weights over the last steps, as many as two epochs have, instead of the weights of the last step.</summary>
    /// <value>Null, which is yes where numbers are embedded (<see cref="NumericEmbedding"/>), or <see cref="Muon"/> is the default for images, rows are measured with, and <see cref="NumberOfEpochs"/>, <see cref="EarlyStopping"/> and <see cref="LearningRateSchedule"/> are left open.</value>
    /// <remarks>
    /// Steps go on from the weights themselves. The average is what is measured after each epoch, compared, kept and returned; in the first two epochs it is the mean of the weights so far, and an annealing
    /// goes on from the best one and takes none. Running statistics, as of batch normalization, are averaged too. It evens out what single steps do by chance, as a lower rate would, without being as slow. On sparse rows it takes longer than the step itself, since the weights of all features are averaged. Polyak and Juditsky,
    /// "Acceleration of stochastic approximation by averaging" (1992); Keras has it as use_ema, PyTorch in AveragedModel.
    /// </remarks>
    public new bool? AverageWeights { get => base.AverageWeights; set => base.AverageWeights = value; }

    /// <summary>The most threads that work together, in [1, 1024].</summary>
    /// <value>Null, for as many as the process may use cores; one less where rows are streamed, which leaves a core to the reading.</value>
    /// <remarks>
    /// The number changes no bit of the result. More threads than cores only do harm. Products that are too small to be shared stay on one thread. Training goes on with fewer threads, and comes back to more, where
    /// that makes steps faster: where other work keeps the cores, say, or a container's processor time is limited.
    /// </remarks>
    public new int? NumberOfThreads { get => base.NumberOfThreads; set => base.NumberOfThreads = value; }

    /// <summary>The number that all random choices of a training begin with: initial weights, order of rows, rows held out, dropout and augmentation.</summary>
    /// <value>Null, which is the seed of the <see cref="Microsoft.ML.MLContext"/>, and another one each time where it has none.</value>
    /// <remarks>
    /// Same seed, same data and same options give the same model to the bit, on any number of threads and any processor. <see cref="TrainingOptions.Checkpoints"/> need a seed, here or in the <see cref="Microsoft.ML.MLContext"/>. A training that
    /// goes on from a model holds out the rows that were held out for that one, whatever the seed.
    /// </remarks>
    public new int? Seed { get => base.Seed; set => base.Seed = value; }

    /// <summary>The share of the training rows that is split off at random, to measure with after each epoch and never to learn from, in [0, 1).</summary>
    /// <value>
    /// 0: all rows are learned from. But where <see cref="NumberOfEpochs"/> is left open or <see cref="EarlyStopping"/> is given, an eighth of the rows is held out from 40 rows on, unless there is a validation set. Each network of an
    /// ensemble then leaves out another eighth.
    /// </value>
    /// <remarks>
    /// <para>Each class gives the same share, to a row, and keeps at least one row to learn from. It cannot be combined with a validation set.</para>
    /// <para>
    /// Rows are drawn one by one. Where several belong together (visits of one patient, frames of one film), say so by <see cref="SamplingKeyColumnName"/>: else some rows of a group are learned from and others measured with, the
    /// measured loss is too good, and training stops too late.
    /// </para>
    /// </remarks>
    public new float ValidationFraction { get => base.ValidationFraction; set => base.ValidationFraction = value; }

    /// <summary>When training ends before <see cref="NumberOfEpochs"/>.</summary>
    /// <value>
    /// Null, for never; but where <see cref="NumberOfEpochs"/> is left open and rows are measured with, by the loss, after 10 epochs without a better one and 5 epochs of annealing. Where numbers are embedded (<see cref="NumericEmbedding"/>) it is after 3, from 800 rows on after 5, and from
    /// 10,000 rows on after 1, with 2 epochs of annealing, from 10,000 rows on 5, in a classification none, as with images there, from 3,000 rows on 5; and as long as nothing was learned, after as many as have 1,500 steps, up to 20, if that is more. With a <see cref="LearningRateSchedule"/> of one's own it is after a fifth of the planned epochs, at least 10, and without annealing.
    /// </value>
    /// <remarks>It goes by the rows that are measured with. Given, it has some held out where there are none: the training rows alone do not tell when to stop. With it, <see cref="TrainingOptions.RestoreBestWeights"/> is on unless it is set.</remarks>
    public new EarlyStopping? EarlyStopping { get => base.EarlyStopping; set => base.EarlyStopping = value; }
}
