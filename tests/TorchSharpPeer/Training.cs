using System.Runtime.InteropServices;
using System.Text.Json;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNet.DenseNet.TorchSharpPeer;

/// <summary>The network of a workload in TorchSharp, with the given start weights, its data and its plain gradient descent.</summary>
internal sealed class Training
{
    private readonly WorkloadFile _workload;
    private readonly Sequential _model;
    private readonly optim.Optimizer _optimizer;
    private readonly nn.Module<Tensor, Tensor, Tensor> _loss;
    private readonly Tensor _features;
    private readonly Tensor _targets;

    /// <param name="folder">Holds what peer.py reads, in the same files.</param>
    public Training(string folder)
    {
        _workload = JsonSerializer.Deserialize<WorkloadFile>(File.ReadAllText(Path.Combine(folder, "workload.json")), JsonSerializerOptions.Web)!;
        var (rows, units) = (_workload.Rows, _workload.Units);
        _features = tensor(Read<float>("features.f32"), rows, units[0]);
        if (_workload.IsClassification)
        {
            var classes = tensor(Read<int>("classes.i32"), [rows]).to(int64);
            _targets = _workload.IsTextbook ? nn.functional.one_hot(classes, units[^1]).to(float32) : classes;
        }
        else
        {
            _targets = tensor(Read<float>("targets.f32"), rows, 1);
        }

        _model = CreateModel(Read<float>("weights.f32"));
        _optimizer = optim.SGD(_model.parameters(), _workload.LearningRate);
        _loss = _workload.IsClassification && !_workload.IsTextbook ? nn.CrossEntropyLoss() : nn.MSELoss();

        T[] Read<T>(string name) where T : unmanaged => MemoryMarshal.Cast<byte, T>(File.ReadAllBytes(Path.Combine(folder, name))).ToArray();
    }

    /// <summary>The mean loss of all rows.</summary>
    public double Measure()
    {
        using var scope = NewDisposeScope();
        using var mode = inference_mode();
        _model.eval();
        var loss = _loss.call(_model.call(_features), _targets).item<float>();
        _model.train();
        return loss;
    }

    /// <summary>Goes over all rows once.</summary>
    public void Epoch(bool shuffle)
    {
        using var epoch = NewDisposeScope();
        var order = shuffle ? randperm(_workload.Rows) : arange(_workload.Rows);
        for (var start = 0; start < _workload.Rows; start += _workload.BatchSize)
        {
            using var step = NewDisposeScope();
            var index = order.narrow(0, start, Math.Min(_workload.BatchSize, _workload.Rows - start));
            _optimizer.zero_grad();
            _loss.call(_model.call(_features.index_select(0, index)), _targets.index_select(0, index)).backward();
            _optimizer.step();
        }
    }

    private Sequential CreateModel(float[] weights)
    {
        var modules = new List<(string, nn.Module<Tensor, Tensor>)>();
        var (units, start) = (_workload.Units, 0);
        for (var i = 1; i < units.Length; i++)
        {
            var (inputs, outputs, isLast) = (units[i - 1], units[i], i == units.Length - 1);
            var linear = nn.Linear(inputs, outputs);
            using (no_grad())
            {
                linear.weight.copy_(tensor(weights[start..(start + inputs * outputs)], inputs, outputs).t());
                linear.bias!.copy_(tensor(weights[(start + inputs * outputs)..(start + (inputs + 1) * outputs)], [outputs]));
            }

            start += (inputs + 1) * outputs;
            modules.Add(($"linear{i}", linear));
            if (_workload.IsTextbook)
                modules.Add(($"sigmoid{i}", nn.Sigmoid()));
            else if (!isLast)
                modules.Add(($"relu{i}", nn.ReLU()));
            if (_workload.DropoutRate > 0 && !isLast)
                modules.Add(($"dropout{i}", nn.Dropout(_workload.DropoutRate)));
        }

        return nn.Sequential(modules);
    }

    private sealed record WorkloadFile(int Rows, int[] Units, int BatchSize, bool IsClassification, bool IsTextbook, float DropoutRate, double LearningRate);
}
