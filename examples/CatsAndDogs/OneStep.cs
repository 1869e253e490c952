using MLNet.DenseNet;
using MLNet.DenseNet.Engine;

namespace CatsAndDogs;

/// <summary>Shows one image to a network that knows nothing yet, and what a single step of gradient descent makes of it; the sums printed are held to those of the engine.</summary>
internal sealed class OneStep(AnimalImage image)
{
    private const int HiddenUnits = 4;
    private const float LearningRate = 0.5f;

    private readonly Network _network = Network.Create(AnimalImage.Size * AnimalImage.Size, [new DenseLayer(HiddenUnits, Activation.Sigmoid), new DenseLayer(1, Activation.Sigmoid)], seed: 1);
    private readonly EngineCheck _engine = new();

    /// <returns>Whether the engine came to the same numbers.</returns>
    public bool Explain()
    {
        Console.WriteLine($"Input: {_network.InputShape} nodes, one for each pixel of this {(image.IsDog ? "dog" : "cat")}, whose label is {image.Label}.");
        TextDrawing.Print(image.Pixels, AnimalImage.Size);

        var (inputWeights, inputBias) = (_network.Parameters[0].ToArray(), _network.Parameters[1].ToArray());
        var (outputWeights, outputBias) = (_network.Parameters[2].ToArray(), _network.Parameters[3].ToArray()[0]);
        using var workspace = _network.CreateWorkspace(maxRows: 1);
        var prediction = _network.Forward(image.Pixels, workspace)[0];
        var hidden = workspace.Output(0).ToArray();

        Console.WriteLine($"Hidden layer: {HiddenUnits} units, each the sigmoid of its {_network.InputShape} weights times the pixels, summed up, and its bias.");
        for (var unit = 0; unit < HiddenUnits; unit++)
        {
            var sum = image.Pixels.Select((pixel, i) => (double)pixel * inputWeights[i * HiddenUnits + unit]).Sum() + inputBias[unit];
            Console.WriteLine($"  unit {unit + 1}: sigmoid({sum:F4}) = {_engine.Check(Sigmoid(sum), hidden[unit]):F4}");
        }

        var logit = hidden.Zip(outputWeights, (unit, weight) => (double)unit * weight).Sum() + outputBias;
        Console.WriteLine("Output: the same once more, of the hidden units: 0 means a cat, 1 a dog, and what lies between how sure it is.");
        Console.WriteLine($"  {string.Join(" + ", hidden.Zip(outputWeights, (unit, weight) => $"{unit:F4} * {weight:F4}"))} + {outputBias:F4} = {logit:F4}");
        Console.WriteLine($"  prediction = sigmoid({logit:F4}) = {_engine.Check(Sigmoid(logit), prediction):F4}");
        var error = (double)prediction - image.Label;
        Console.WriteLine($"Error = prediction - label = {prediction:F4} - {image.Label} = {error:F4}");

        var trainer = new NetworkTrainer(_network, new TrainingOptions { Loss = new BinaryCrossEntropy(), Optimizer = new StochasticGradientDescent(), LearningRate = LearningRate });
        var loss = trainer.ComputeGradient(image.Pixels, [image.Label]);
        var (inputGradient, outputGradient) = (trainer.Gradient(_network.Parameters[0]), trainer.Gradient(_network.Parameters[2]));
        trainer.Step();

        Console.WriteLine("One step of gradient descent for one weight, that from hidden unit 1 to the output: the error times what came in through it says which way the loss rises, so the weight goes the other way.");
        ShowWeight($"error * unit = {error:F4} * {hidden[0]:F4}", error * hidden[0], outputGradient[0], outputWeights[0], _network.Parameters[2].ToArray()[0]);

        var pixel = Array.IndexOf(image.Pixels, image.Pixels.Max());
        var passedBack = error * outputWeights[0] * hidden[0] * (1 - hidden[0]);
        Console.WriteLine($"And for a weight further back, from the brightest pixel ({image.Pixels[pixel]:F4}) to hidden unit 1: the error comes to it through the output's weight and the slope of the unit's sigmoid, unit * (1 - unit).");
        ShowWeight(
            $"error * weight * unit * (1 - unit) * pixel = {error:F4} * {outputWeights[0]:F4} * {hidden[0]:F4} * {1 - hidden[0]:F4} * {image.Pixels[pixel]:F4}",
            passedBack * image.Pixels[pixel], inputGradient[pixel * HiddenUnits], inputWeights[pixel * HiddenUnits], _network.Parameters[0].ToArray()[pixel * HiddenUnits]);

        var after = _network.Predict(image.Pixels)[0];
        Console.WriteLine($"All {_network.ParameterCount:N0} weights and biases took such a step: the prediction went from {prediction:F4} to {after:F4}, the error from {error:F4} to {after - image.Label:F4},");
        var lossAfter = trainer.ComputeGradient(image.Pixels, [image.Label]);
        Console.WriteLine($"the loss from {loss:F4} to {lossAfter:F4}. Training is this, over and over, with one batch of images after the other.");
        return _engine.IsRight && lossAfter < loss;
    }

    private void ShowWeight(string formula, double gradient, float gradientOfEngine, float weight, float weightAfter)
    {
        Console.WriteLine($"  gradient = {formula} = {_engine.Check(gradient, gradientOfEngine):F4}");
        Console.WriteLine($"  weight - learning rate * gradient = {weight:F4} - {LearningRate} * {gradient:F4} = {_engine.Check(weight - LearningRate * gradient, weightAfter):F4}");
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
