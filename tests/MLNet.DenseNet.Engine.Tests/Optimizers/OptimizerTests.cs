namespace MLNet.DenseNet.Engine.Tests.Optimizers;

public class OptimizerTests
{
    private const int Steps = 12;
    private const float Rate = 0.1f;

    private const int LongestLength = 256;

    // The roundings of a step: the gradient with its decay, up to two values of the optimizer's state, a root, a quotient and the new parameter.
    private const int RoundingsOfStep = 6;

    [Theory]
    [InlineData(0)]
    [InlineData(0.05f)]
    public void Plain_descent_follows_its_formula(float decay) =>
        Check(new StochasticGradientDescent(), decay, (_, p, g) => p - Rate * g);

    [Theory]
    [InlineData(0)]
    [InlineData(0.05f)]
    public void Momentum_follows_its_formula(float decay)
    {
        const float Momentum = 0.9f;
        double velocity = 0;
        Check(new StochasticGradientDescent(Momentum), decay, (t, p, g) =>
        {
            velocity = t == 1 ? g : Momentum * velocity + g;
            return p - Rate * velocity;
        });
    }

    /// <summary>The paper steps from a point that looks ahead; the engine keeps that point as its parameter. With v' = -rate * velocity:
    /// v'_t = μ v'_(t-1) - rate g(θ + μ v'_(t-1)), θ_t = θ_(t-1) + v'_t, and the point is θ_t + μ v'_t.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.05f)]
    public void Nesterov_momentum_follows_the_formula_of_its_paper(float decay)
    {
        const float Momentum = 0.8f;
        double velocity = 0, position = 0;
        Check(new StochasticGradientDescent(Momentum, nesterov: true), decay, (t, p, g) =>
        {
            if (t == 1)
                (velocity, position) = (0, p);
            velocity = Momentum * velocity - Rate * g;
            position += velocity;
            return position + Momentum * velocity;
        });
    }

    [Theory]
    [InlineData(0.9f, 0.999f, 1e-8f, 0)]
    [InlineData(0.9f, 0.999f, 1e-8f, 0.05f)]
    [InlineData(0.5f, 0.9f, 0.1f, 0)]
    [InlineData(0, 0, 1e-3f, 0.05f)]
    public void Adam_follows_its_algorithm(float beta1, float beta2, float epsilon, float decay)
    {
        double first = 0, second = 0;
        Check(new Adam(beta1, beta2, epsilon), decay, (t, p, g) =>
        {
            if (t == 1)
                (first, second) = (0, 0);
            first = beta1 * first + (1 - (double)beta1) * g;
            second = beta2 * second + (1 - (double)beta2) * g * g;
            var meanFirst = first / (1 - Math.Pow(beta1, t));
            var meanSecond = second / (1 - Math.Pow(beta2, t));
            return p - Rate * meanFirst / (Math.Sqrt(meanSecond) + epsilon);
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.05f)]
    public void AdamW_follows_its_algorithm(float decay)
    {
        const double Beta1 = 0.9f, Beta2 = 0.999f;
        double first = 0, second = 0;
        Check(new AdamW(), decay, isDecayApart: true, next: (t, p, g) =>
        {
            if (t == 1)
                (first, second) = (0, 0);
            first = Beta1 * first + (1 - Beta1) * g;
            second = Beta2 * second + (1 - Beta2) * g * g;
            return p * (1 - Rate * decay) - Rate * first / (1 - Math.Pow(Beta1, t)) / (Math.Sqrt(second / (1 - Math.Pow(Beta2, t))) + 1e-8);
        });
    }

    [Theory]
    [InlineData(0.99f, 0, 1e-8f, 0)]
    [InlineData(0.9f, 0, 0.1f, 0.05f)]
    [InlineData(0.9f, 0.8f, 1e-3f, 0)]
    [InlineData(0, 0.5f, 1e-3f, 0.05f)]
    public void RMSProp_follows_its_formula(float share, float momentum, float epsilon, float decay)
    {
        double square = 0, velocity = 0;
        Check(new RMSProp(share, momentum, epsilon), decay, (t, p, g) =>
        {
            if (t == 1)
                (square, velocity) = (0, 0);
            square = share * square + (1 - (double)share) * g * g;
            velocity = momentum * velocity + g / (Math.Sqrt(square) + epsilon);
            return p - Rate * velocity;
        });
    }

    [Theory]
    [InlineData(1e-10f, 0)]
    [InlineData(0.1f, 0.05f)]
    public void AdaGrad_follows_its_formula(float epsilon, float decay)
    {
        double sum = 0;
        Check(new AdaGrad(epsilon), decay, (t, p, g) =>
        {
            sum = t == 1 ? g * g : sum + g * g;
            return p - Rate * g / (Math.Sqrt(sum) + epsilon);
        });
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Shares_outside_their_range_are_refused(float share)
    {
        Assert.Throws<ArgumentOutOfRangeException>("momentum", () => new StochasticGradientDescent(share));
        Assert.Throws<ArgumentOutOfRangeException>("beta1", () => new Adam(beta1: share));
        Assert.Throws<ArgumentOutOfRangeException>("beta2", () => new Adam(beta2: share));
        Assert.Throws<ArgumentOutOfRangeException>("beta1", () => new AdamW(beta1: share));
        Assert.Throws<ArgumentOutOfRangeException>("decay", () => new RMSProp(decay: share));
        Assert.Throws<ArgumentOutOfRangeException>("momentum", () => new RMSProp(momentum: share));
        Assert.Throws<ArgumentOutOfRangeException>("momentum", () => new Muon(momentum: share));
        Assert.Throws<ArgumentOutOfRangeException>("beta1", () => new Muon(beta1: share));
        Assert.Throws<ArgumentOutOfRangeException>("beta2", () => new Muon(beta2: share));
    }

    [Theory]
    [InlineData(-1e-8f)]
    [InlineData(0)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Epsilon_outside_its_range_is_refused(float value)
    {
        Assert.Throws<ArgumentOutOfRangeException>("epsilon", () => new Adam(epsilon: value));
        Assert.Throws<ArgumentOutOfRangeException>("epsilon", () => new AdamW(epsilon: value));
        Assert.Throws<ArgumentOutOfRangeException>("epsilon", () => new RMSProp(epsilon: value));
        Assert.Throws<ArgumentOutOfRangeException>("epsilon", () => new AdaGrad(epsilon: value));
        Assert.Throws<ArgumentOutOfRangeException>("epsilon", () => new Muon(epsilon: value));
    }

    [Fact]
    public void Nesterov_needs_a_momentum() =>
        Assert.Throws<ArgumentException>("nesterov", () => new StochasticGradientDescent(nesterov: true));

    [Fact]
    public void Names_and_default_rates_are_the_documented_ones()
    {
        Assert.Equal(("SGD", 0.01f), (new StochasticGradientDescent().ToString(), new StochasticGradientDescent().DefaultLearningRate));
        Assert.Equal("SGD, momentum 0.9", new StochasticGradientDescent(0.9f).ToString());
        Assert.Equal("SGD, Nesterov momentum 0.9", new StochasticGradientDescent(0.9f, nesterov: true).ToString());
        Assert.Equal(("Adam", 0.001f), (new Adam().ToString(), new Adam().DefaultLearningRate));
        Assert.Equal(("AdamW", 0.001f), (new AdamW().ToString(), new AdamW().DefaultLearningRate));
        Assert.Equal(("RMSProp, decay 0.99", 0.001f), (new RMSProp().ToString(), new RMSProp().DefaultLearningRate));
        Assert.Equal("RMSProp, decay 0.9, momentum 0.5", new RMSProp(0.9f, 0.5f).ToString());
        Assert.Equal(("AdaGrad", 0.01f), (new AdaGrad().ToString(), new AdaGrad().DefaultLearningRate));
        Assert.Equal(("Muon, factor 1, momentum 0.95, 5 iterations", 0.001f), (new Muon().ToString(), new Muon().DefaultLearningRate));
        Assert.Equal("Muon, factor 2, momentum 0.95, 1 iteration, every 3 steps", new Muon(factor: 2, iterations: 1, interval: 3).ToString());
        Assert.Equal("Muon, factor 1, momentum 0.95, 3 iterations, without the first layer", new Muon(iterations: 3, includesFirst: false).ToString());
    }

    /// <summary>Where the options give no decay, AdamW and Muon decay weights and the others nothing; biases never.</summary>
    [Fact]
    public void Default_weight_decay_is_the_optimizers()
    {
        Assert.Equal(1 - 0.5f * 0.01f, WeightAfterAStepWithoutGradient(new AdamW(), null));
        Assert.Equal(1 - 0.5f * 0.25f, WeightAfterAStepWithoutGradient(new AdamW(), 0.25f));
        Assert.Equal(1, WeightAfterAStepWithoutGradient(new AdamW(), 0));
        Assert.Equal(1 - 0.5f * 0.01f, WeightAfterAStepWithoutGradient(new Muon(), null));
        foreach (var optimizer in Samples.Optimizers.Values.Where(optimizer => optimizer is not (AdamW or Muon)))
            Assert.Equal(1, WeightAfterAStepWithoutGradient(optimizer, null));

        static float WeightAfterAStepWithoutGradient(Optimizer optimizer, float? decay)
        {
            var network = Network.Create(1, [new DenseLayer(1)], seed: 1);
            network.SetParameter(network.Parameters[0], [1]);
            network.SetParameter(network.Parameters[1], [1]);
            var trainer = new NetworkTrainer(network, new TrainingOptions { Optimizer = optimizer, LearningRate = 0.5f, WeightDecay = decay });
            trainer.ComputeGradient([0], [1]);
            trainer.Step();
            Assert.Equal(1, network.Parameters[1].ToArray()[0]);
            return network.Parameters[0].ToArray()[0];
        }
    }

    public static TheoryData<string> Names => [.. Samples.Optimizers.Keys];

    /// <summary>If an optimizer kept state of its own, the order of the steps would matter.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void One_optimizer_serves_two_trainings_at_once_as_one_after_the_other(string name)
    {
        var optimizer = Samples.Optimizers[name];
        var (first, second) = (NewTrainer(optimizer, seed: 1), NewTrainer(optimizer, seed: 2));
        var (firstAlone, secondAlone) = (NewTrainer(optimizer, seed: 1), NewTrainer(optimizer, seed: 2));
        for (var step = 0; step < 3; step++)
            StepOnce(first, second);
        for (var step = 0; step < 3; step++)
            StepOnce(firstAlone);
        for (var step = 0; step < 3; step++)
            StepOnce(secondAlone);

        Assert.Equal(Samples.ParameterBits(firstAlone.Network), Samples.ParameterBits(first.Network));
        Assert.Equal(Samples.ParameterBits(secondAlone.Network), Samples.ParameterBits(second.Network));

        static void StepOnce(params NetworkTrainer[] trainers)
        {
            foreach (var trainer in trainers)
            {
                trainer.ComputeGradient([1, 2], [3]);
                trainer.Step();
            }
        }
    }

    private static NetworkTrainer NewTrainer(Optimizer optimizer, int seed) =>
        new(Network.Create(2, [new DenseLayer(1)], seed), new TrainingOptions { Optimizer = optimizer, LearningRate = 0.01f });

    /// <param name="optimizer">What is checked.</param>
    /// <param name="decay">The penalty's factor; its gradient is added here.</param>
    /// <param name="next">From a step's number, a parameter and its gradient to the new parameter; called for one parameter after the other.</param>
    /// <param name="isDecayApart">Whether the decay stays out of the gradient.</param>
    private static void Check(Optimizer optimizer, float decay, Func<int, double, double, double> next, bool isDecayApart = false)
    {
        var starts = Samples.Numbers(LongestLength, seed: 31);
        var gradients = Enumerable.Range(1, Steps).Select(t => Samples.Numbers(LongestLength, seed: 100 + t)).ToArray();
        var expected = starts.Select((start, i) =>
        {
            double parameter = start;
            for (var t = 1; t <= Steps; t++)
                parameter = next(t, parameter, gradients[t - 1][i] + (isDecayApart ? 0 : decay * parameter));
            return parameter;
        }).ToArray();

        for (var length = 0; length <= LongestLength; length++)
        {
            var actual = starts[..length];
            var (state, secondState) = (new float[length], new float[length]);
            for (var t = 1; t <= Steps; t++)
                optimizer.Step(new OptimizerStep(t, Rate, decay, actual, gradients[t - 1].AsSpan(0, length), state, secondState));
            for (var i = 0; i < length; i++)
                Tolerance.Check(expected[i], actual[i], Steps * RoundingsOfStep, magnitude: 1);
        }
    }
}
