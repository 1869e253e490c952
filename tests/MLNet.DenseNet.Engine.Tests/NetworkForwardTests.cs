namespace MLNet.DenseNet.Engine.Tests;

public class NetworkForwardTests
{
    private readonly Network _network =
        Network.Create(3, [new DenseLayer(6, Activation.GELU), new DropoutLayer(0.5f), new DenseLayer(4, Activation.Softmax)], seed: 1);

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Output_of_a_layer_that_is_not_there_is_refused(int layer) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Network.Create(1, [new DenseLayer(1)], seed: 1).CreateWorkspace(1).Output(layer).Length);

    [Fact]
    public void Workspace_shows_the_output_of_every_layer()
    {
        var rows = Samples.Numbers(3 * 7, seed: 2);
        var workspace = _network.CreateWorkspace(10);
        var output = _network.Forward(rows, workspace);
        Assert.Equal(7, workspace.Rows);
        Assert.Equal(Samples.Bits(output), Samples.Bits(workspace.Output(2)));

        // The first layer by itself is a network too.
        var first = Network.Create(3, [new DenseLayer(6, Activation.GELU)], seed: 2);
        foreach (var (target, source) in first.Parameters.Zip(_network.Parameters))
            first.SetParameter(target, source.ToArray());
        Assert.Equal(Samples.Bits(first.Predict(rows)), Samples.Bits(workspace.Output(0)));
        Assert.Equal(Samples.Bits(workspace.Output(0)), Samples.Bits(workspace.Output(1)));
    }

    [Fact]
    public void Prediction_of_a_row_does_not_depend_on_its_batch()
    {
        var rows = Samples.Numbers(3 * 40, seed: 2);
        var together = _network.Predict(rows);
        var workspace = _network.CreateWorkspace(7);
        for (var row = 0; row < 40; row++)
            Assert.Equal(Samples.Bits(together.AsSpan(row * 4, 4)), Samples.Bits(_network.Forward(rows.AsSpan(row * 3, 3), workspace)));
    }

    [Fact]
    public void Inputs_and_workspaces_that_do_not_fit_are_refused()
    {
        var workspace = _network.CreateWorkspace(2);
        Assert.Throws<ArgumentNullException>("workspace", () => _network.Forward(new float[3], null!).Length);
        Assert.Throws<ArgumentException>("inputs", () => _network.Forward(new float[4], workspace).Length);
        Assert.Throws<ArgumentException>("inputs", () => _network.Forward(new float[9], workspace).Length);
        Assert.Throws<ArgumentException>("inputs", () => _network.Forward([], workspace).Length);
        Assert.Throws<ArgumentException>("inputs", () => _network.Predict(new float[2]));
        var other = Network.Create(3, [new DenseLayer(4)], seed: 1);
        Assert.Throws<ArgumentException>("workspace", () => other.Forward(new float[3], workspace).Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Workspaces_for_too_few_or_too_many_rows_are_refused(int rows) =>
        Assert.Throws<ArgumentOutOfRangeException>("maxRows", () => _network.CreateWorkspace(rows));

    [Fact]
    public void No_rows_have_no_predictions() => Assert.Empty(_network.Predict([]));

    [Fact]
    public void Many_threads_predict_on_one_network_as_one_does()
    {
        var network = Network.Create(8, [new DenseLayer(16, Activation.SiLU), new DenseLayer(4, Activation.Softmax)], seed: 1);
        var inputs = Enumerable.Range(0, 32).Select(thread => Samples.Numbers(8 * 5, seed: thread)).ToArray();
        var expected = inputs.Select(rows => Samples.Bits(network.Predict(rows))).ToArray();
        var agree = new bool[inputs.Length];
        using var start = new Barrier(inputs.Length);
        var threads = inputs.Select((rows, i) => new Thread(() =>
        {
            start.SignalAndWait();
            agree[i] = Enumerable.Range(0, 50).All(_ => Samples.Bits(network.Predict(rows)).AsSpan().SequenceEqual(expected[i]));
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        Assert.All(agree, Assert.True);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit_of_a_prediction()
    {
        var network = Network.Create(300, [new DenseLayer(200, Activation.GELU), new DenseLayer(30, Activation.Softmax)], seed: 1);
        var rows = Samples.Numbers(100 * 300, seed: 2);
        var alone = network.Predict(rows);
        foreach (var threads in (int[])[2, 3, 8])
        {
            using var workspace = network.CreateWorkspace(maxRows: 100, threads);
            Assert.Equal(Samples.Bits(alone), Samples.Bits(network.Forward(rows, workspace)));
        }

        Assert.Throws<ArgumentOutOfRangeException>("threads", () => network.CreateWorkspace(1, threads: 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_workspace_that_was_disposed_of_is_refused(int threads)
    {
        var network = Network.Create(300, [new DenseLayer(200)], seed: 1);
        var workspace = network.CreateWorkspace(maxRows: 100, threads);
        workspace.Dispose();
        workspace.Dispose();
        Assert.Throws<ObjectDisposedException>(() => network.Forward(new float[100 * 300], workspace).Length);
    }
}
