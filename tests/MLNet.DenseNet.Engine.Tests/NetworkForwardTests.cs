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

    /// <summary>2,000 layers of 20,000 values are 160 MB where each keeps its own.</summary>
    [Fact]
    public void A_workspace_for_the_last_output_alone_takes_two_outputs_whatever_the_number_of_layers()
    {
        var network = Network.Create(1, [new DenseLayer(20_000, Activation.SiLU), .. Enumerable.Repeat(new DropoutLayer(0.5f), 2_000), new DenseLayer(3, Activation.Softmax)], seed: 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var workspace = network.CreateWorkspace(1, keepsOutputs: false);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        var output = network.Forward([0.3f], workspace);
        Assert.Equal(Samples.Bits(network.Forward([0.3f], network.CreateWorkspace(1))), Samples.Bits(output));
        Assert.Equal(output, workspace.Output(2_001));
        Assert.Contains("layer 5 was not kept", Assert.Throws<InvalidOperationException>(() => workspace.Output(5).Length).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ActivationNames))]
    public void Keeping_outputs_changes_no_bit(string activation)
    {
        Layer[] hidden = [new DenseLayer(21, Samples.Activations[activation]), new DropoutLayer(0.5f), new DenseLayer(9, Samples.Activations[activation]), new DenseLayer(4)];
        foreach (var layers in (Layer[][])[hidden, [new StandardizationLayer(), new EnsembleLayer(3, hidden)]])
        {
            var network = Network.Create(6, layers, seed: 1);
            var rows = Samples.Numbers(6 * 30, seed: 2);
            Assert.Equal(Samples.Bits(network.Forward(rows, network.CreateWorkspace(30))), Samples.Bits(network.Forward(rows, network.CreateWorkspace(30, keepsOutputs: false))));
        }
    }

    /// <summary>Two of the rows exceed the range of float32 within the network.</summary>
    [Theory]
    [InlineData(257, false)]
    [InlineData(700, false)]
    [InlineData(700, true)]
    [InlineData(1025, true)]
    public void Blocks_of_rows_change_no_bit(int rows, bool isSparse)
    {
        Layer[] hidden = [new DenseLayer(21, Activation.SiLU), new DenseLayer(9, Activation.ReLU), new DenseLayer(4)];
        Layer[] convolutions = [new ConvolutionLayer(40, kernelSize: 3, activation: Activation.ReLU), new MaxPoolingLayer(2), new DenseLayer(4, Activation.Softmax)];
        foreach (var (input, layers) in ((Shape, Layer[])[])[(64, hidden), (64, [new StandardizationLayer(), new EnsembleLayer(3, hidden)]), (new Shape(8, 8, 1), convolutions)])
        {
            var network = Network.Create(input, layers, seed: 1);
            var features = Samples.Numbers(64 * rows, seed: 2);
            for (var i = 0; i < features.Length; i++)
                features[i] = i / 64 is 3 or 256 ? features[i] * 1e38f : i % 3 == 0 ? 0 : features[i];
            var expected = Bits(network.CreateWorkspace(rows), rows);
            foreach (var threads in (int[])[1, 2, 3, 8])
            {
                using var workspace = network.CreateWorkspace(rows, threads, keepsOutputs: false);
                Assert.NotNull(workspace.Blocks);
                Assert.Equal(expected, Bits(workspace, rows));
                Assert.Equal(expected, Samples.Bits(workspace.Output(network.Layers.Count - 1)));
                Assert.Equal(expected[..20], Bits(workspace, 5));
            }

            int[] Bits(Workspace workspace, int count) =>
                Samples.Bits(isSparse ? network.Forward(SparseSamples.Store(features[..(count * 64)], 64), workspace) : network.Forward(features.AsSpan(0, count * 64), workspace));
        }
    }

    public static TheoryData<string> ActivationNames => [.. Samples.Activations.Keys];

    /// <summary>The threads of a workspace work on what lies on their caller's stack: a second caller must not get at them.</summary>
    [Fact]
    public void Threads_of_a_workspace_belong_to_one_caller_at_a_time()
    {
        using var workspace = _network.CreateWorkspace(2, threads: 2);
        using (workspace.Enter())
        {
            Assert.Contains("another thread", Assert.Throws<InvalidOperationException>(() => _network.Forward(new float[6], workspace).Length).Message, StringComparison.Ordinal);
            Assert.Throws<InvalidOperationException>(workspace.Dispose);
        }

        Assert.Equal(8, _network.Forward(new float[6], workspace).Length);
    }

    [Fact]
    public void Threads_of_a_workspace_that_nobody_disposes_of_end()
    {
        var teams = Enumerable.Range(0, 5).Select(_ => Drop()).ToArray();
        for (var tries = 0; tries < 100 && teams.Any(team => team.IsAlive); tries++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(10);
        }

        Assert.All(teams, team => Assert.False(team.IsAlive));

        // A thread keeps its team reachable as long as it runs.
        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        WeakReference Drop()
        {
            var workspace = _network.CreateWorkspace(2, threads: 3);
            _network.Forward(new float[6], workspace);
            return new WeakReference(workspace.Team);
        }
    }

    /// <summary>Whether a layer passes sparse rows on depends on its parameters, also on those set later.</summary>
    [Fact]
    public void Parameters_that_are_set_count_in_the_workspaces_there_are()
    {
        var network = Network.Create(4, [new StandardizationLayer(), new DenseLayer(2, Activation.Tanh)], seed: 1);
        var row = new SparseFeatures(4, new float[] { 1, -2 }, new[] { 0, 3 }, new[] { 0, 2 });
        var workspace = network.CreateWorkspace(1);
        network.Forward(row, workspace);
        foreach (var means in (float[][])[[0.5f, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, -1]])
        {
            network.SetParameter(network.Parameters[0], means);
            Assert.Equal(network.Predict([1, 0, 0, -2]), network.Forward(row, workspace).ToArray());
        }
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
