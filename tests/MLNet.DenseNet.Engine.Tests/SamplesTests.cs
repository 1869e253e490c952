namespace MLNet.DenseNet.Engine.Tests;

/// <summary>The lists that tests go through hold every kind there is, so a new kind is tested as soon as it is in its list.</summary>
public class SamplesTests
{
    [Fact]
    public void Every_activation_is_in_its_list() => CheckAll(Samples.Activations.Values);

    [Fact]
    public void Every_loss_is_in_its_list() => CheckAll(Samples.Losses.Values);

    [Fact]
    public void Every_optimizer_is_in_its_list() => CheckAll(Samples.Optimizers.Values);

    [Fact]
    public void Every_schedule_is_in_its_list() => CheckAll(Samples.Schedules.Values);

    [Fact]
    public void Every_layer_is_in_its_list() => CheckAll<Layer>([.. Samples.Layers.Values.Select(sample => sample.Layer), new EnsembleLayer(2, [new DenseLayer(1)])]);

    [Fact]
    public void Every_layer_is_described_on_the_page_of_layers()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "src", "MLNet.DenseNet.Engine", "Layers", "Layers.md"));
        Assert.All(typeof(Layer).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(Layer))), type => Assert.Matches($@"(?m)(^## {type.Name}$|`{type.Name}\()", page));
    }

    private static void CheckAll<T>(IEnumerable<T> samples) where T : class
    {
        var kinds = typeof(T).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(T))).ToArray();
        Assert.True(kinds.Length > 1);
        Assert.Empty(kinds.Except(samples.Select(sample => sample.GetType())));
    }
}
