using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The numbers of a training that a checkpoint holds: of each buffer in turn, each trained parameter's values.</summary>
internal sealed class CheckpointValues
{
    private readonly Parameter[] _parameters;

    // What has to be finite as long as a training has not diverged: the network's values, and the best ones where they are kept.
    private readonly AlignedBuffer[] _weights;
    private readonly IReadOnlyList<AlignedBuffer> _state;
    private readonly long _valuesOfBuffer;

    public CheckpointValues(TrainingProgress progress)
    {
        _parameters = progress.Network.TrainedParameters.ToArray();
        _weights = progress.Best is { } best ? [progress.Network.Block, best.Copy] : [progress.Network.Block];
        _state = progress.Update.State;
        foreach (var parameter in _parameters)
            _valuesOfBuffer += parameter.Shape.Size;
    }

    private int Count => _weights.Length + _state.Count;

    public void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        foreach (var buffer in _weights.Concat(_state))
        {
            foreach (var parameter in _parameters)
                FloatBytes.Write(parameter.In(buffer), writer);
        }
    }

    /// <summary>Takes over what was saved, once all of it is found right.</summary>
    /// <param name="reader">Seekable; behind the values is the checksum and nothing else.</param>
    /// <exception cref="DamageException">They are not those of such a training. None has changed.</exception>
    public void Read(BinaryReader reader)
    {
        var count = reader.ReadInt32();
        if (count != Count)
            throw new DamageException($"it has {count} blocks of values, where its training has {Count}");
        var source = reader.BaseStream;
        var start = source.Position;
        if (source.Length - start != Count * _valuesOfBuffer * sizeof(float) + sizeof(uint))
            throw new DamageException($"{source.Length - start} bytes are left for {Count} blocks of {_valuesOfBuffer} values");
        Check(source, _weights.Length * _valuesOfBuffer, FiniteValues.All);
        Check(source, _state.Count * _valuesOfBuffer, AreNumbers);

        source.Position = start;
        foreach (var buffer in _weights.Concat(_state))
        {
            foreach (var parameter in _parameters)
                FloatBytes.Read(source, parameter.In(buffer));
        }
    }

    private static void Check(Stream source, long count, Func<ReadOnlySpan<float>, bool> areRight)
    {
        var buffer = new float[1 << 14];
        for (; count > 0; count -= buffer.Length)
        {
            var values = buffer.AsSpan(0, (int)Math.Min(count, buffer.Length));
            FloatBytes.Read(source, values);
            if (!areRight(values))
                throw new DamageException("it has values that are not finite");
        }
    }

    /// <summary>What an optimizer's state may be: a mean of squared gradients can become infinite. The weight's steps are 0 from then on, so that it stays finite.</summary>
    private static bool AreNumbers(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!(value >= float.MinValue))
                return false;
        }

        return true;
    }
}
