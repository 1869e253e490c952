using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The numbers of a training that a checkpoint holds: what the network learned, the best weights where they are kept, the weights behind their average where one is taken, and the optimizers' state.</summary>
internal sealed class CheckpointValues
{
    // How many values there are for each parameter: its own, the best one where it is kept, the one behind its average, and the optimizer's state.
    private readonly int _count;

    public CheckpointValues(TrainingProgress progress)
    {
        var learners = progress.Learners.All.ToArray();
        var learned = progress.Network.Members.ToArray().SelectMany(member => member.LearnedParameters.Select(parameter => SavedArray.Of(parameter, member.Buffer)));
        SavedArray[] best = progress.Best is null ? [] : [new SavedArray(progress.Best.Copy, 0, progress.Best.Copy.Length)];
        var averaged = learners.Where(learner => learner.Average is not null)
            .SelectMany(learner => learner.Network.LearnedParameters, (learner, parameter) => SavedArray.Of(parameter, learner.Average!.Other));
        Weights = [.. learned, .. best, .. averaged];
        var optimizerArrays = learners[0].Update.State.Count;
        State =
        [
            .. from index in Enumerable.Range(0, optimizerArrays)
               from learner in learners
               from parameter in learner.Network.TrainedParameters.ToArray()
               select SavedArray.Of(parameter, learner.Update.State[index]),
        ];
        _count = 1 + best.Length + (learners[0].Average is null ? 0 : 1) + optimizerArrays;
    }

    /// <summary>The values that are finite as long as a training has not diverged.</summary>
    public IReadOnlyList<SavedArray> Weights { get; }

    /// <summary>The optimizers' state.</summary>
    public IReadOnlyList<SavedArray> State { get; }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_count);
        foreach (var array in Weights.Concat(State))
            FloatBytes.Write(array.Values, writer);
    }

    /// <summary>Takes over what was saved, once all of it has been checked.</summary>
    /// <param name="reader">Seekable; behind the values is the checksum and nothing else.</param>
    /// <exception cref="DamageException">They are not those of such a training. None of the training's values has changed.</exception>
    public void Read(BinaryReader reader)
    {
        var count = reader.ReadInt32();
        if (count != _count)
            throw new DamageException($"it has {count} blocks of values, where its training has {_count}");
        var source = reader.BaseStream;
        var start = source.Position;
        var (ofWeights, ofState) = (Weights.Sum(array => (long)array.Length), State.Sum(array => (long)array.Length));
        if (source.Length - start != (ofWeights + ofState) * sizeof(float) + sizeof(uint))
            throw new DamageException($"{source.Length - start} bytes are left for {_count} blocks of {(ofWeights + ofState) / _count} values");
        Check(source, ofWeights, FiniteValues.All);
        Check(source, ofState, AreNumbers);

        source.Position = start;
        foreach (var array in Weights.Concat(State))
        {
            FloatBytes.Read(source, array.Values);
            array.Buffer.NoteChange();
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

    /// <summary>Whether values can be an optimizer's state. It may be infinite: where a mean of squared gradients overflows, the weight's steps are 0 from then on.</summary>
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
