using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The members of an ensemble in a training step, each as a network of its own: several at a time where there are threads, which changes no bit.</summary>
internal sealed unsafe class MemberBackpropagation
{
    private readonly Network _network;
    private readonly Backpropagation[] _members;
    private readonly double[] _losses;

    // Custom losses are promised one thread at a time.
    private readonly bool _isLossShared;

    // (members x rows): each member's weights of the rows, where some leave some out.
    private readonly AlignedBuffer _weights;

    // (members x rows x outputs)
    private readonly AlignedBuffer _predictions;

    /// <param name="network">A network that ends with an ensemble.</param>
    /// <param name="loss">The loss of each member.</param>
    /// <param name="maxRows">The largest batch.</param>
    /// <param name="scaling">What standardizes targets; null where they are as they come.</param>
    /// <param name="gradients">Where each member's gradients go.</param>
    public MemberBackpropagation(Network network, Loss loss, int maxRows, TargetScaling? scaling, GradientBlock gradients)
    {
        _network = network;
        _members = [.. network.Members.ToArray().Zip(gradients.Members, (member, part) => new Backpropagation(member, loss, maxRows, scaling, part) { CountsCorrect = false })];
        _losses = new double[_members.Length];
        _isLossShared = loss is not CustomLoss;
        _weights = new AlignedBuffer((long)_members.Length * maxRows);
        _predictions = new AlignedBuffer((long)_members.Length * maxRows * network.OutputShape.Size);
    }

    public ReadOnlySpan<Backpropagation> Members => _members;

    /// <summary>On how many threads a step works on whole members, which leaves the least to pass between them; 1 where it does not.</summary>
    /// <param name="network">The network; the number is 1 where it is no ensemble.</param>
    /// <param name="team">The threads; null for the caller alone.</param>
    /// <param name="rows">The rows of the batch.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Parts(Network network, ThreadTeam? team, int rows)
    {
        var members = network.Members.Length;
        if (members == 1 || team is null)
            return 1;
        var parts = MatrixProduct.Parts(team, (long)rows * network.TrainedLength);
        if (parts <= members)
            return parts;
        // More threads than members: together on each product, where one is enough work for more of them.
        var largest = 0;
        foreach (var parameter in network.TrainedParameters)
            largest = Math.Max(largest, parameter.Shape.Size);
        return MatrixProduct.Parts(team, (long)rows * largest) > members ? 1 : members;
    }

    /// <summary>Measures a batch.</summary>
    /// <param name="features">(rows x inputs).</param>
    /// <param name="targets">What they should come to.</param>
    /// <param name="step">Which step of training this is.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    /// <param name="mean">(rows x outputs), to be filled with the mean of what the members' losses are taken of.</param>
    /// <returns>The sum of the members' losses.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Evaluate(InputRows features, in BatchTargets targets, TrainingStep step, ThreadTeam? team, Span<float> mean)
    {
        fixed (float* targetValues = targets.Values, weightValues = targets.Weights, means = mean)
        fixed (int* by = targets.HeldOutBy)
        fixed (double* meanWeights = targets.MeanWeights)
        {
            var parts = _isLossShared ? Parts(_network, team, features.Rows) : 1;
            var work = new Evaluation(
                this, features, targetValues, targets.Values.Length, weightValues, targets.Weights.Length, targets.HeldOutBy.IsEmpty ? null : by, targets.Divisor, meanWeights, step, parts > 1 ? null : team);
            ThreadTeam.Run(team, ref work, parts);
            MeanOfBlocks.Run(_predictions.Pointer, _members.Length, mean.Length, means);
        }

        double sum = 0;
        foreach (var loss in _losses)
            sum += loss;
        return sum;
    }

    /// <summary>Fills the gradients with those of the batch that was evaluated last.</summary>
    /// <param name="step">The step of training, as it was evaluated. The features still have to be where they were.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    /// <param name="fusedUpdate">What applies the gradients of large parameters instead of having them filled; null for nothing.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Propagate(TrainingStep step, ThreadTeam? team, IFusedUpdate? fusedUpdate)
    {
        var parts = Parts(_network, team, _members[0].Rows);
        var work = new Propagation(_members, step, parts > 1 ? null : team, fusedUpdate);
        ThreadTeam.Run(team, ref work, parts);
    }

    private readonly struct Evaluation(
        MemberBackpropagation ensemble, InputRows features, float* targets, int targetCount, float* weights, int weightCount, int* heldOutBy, double? divisor, double* meanWeights,
        TrainingStep step, ThreadTeam? team) : ITeamWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int part, int parts)
        {
            var members = ensemble._members;
            var end = ThreadTeam.Cut(members.Length, 1, part + 1, parts);
            for (var index = ThreadTeam.Cut(members.Length, 1, part, parts); index < end; index++)
            {
                var member = members[index];
                ensemble._losses[index] = member.Evaluate(features, TargetsOf(index), step, team).Objective;
                member.Predictions.CopyTo(ensemble._predictions.Span[(index * targetCount)..]);
            }
        }

        private BatchTargets TargetsOf(int member)
        {
            var values = new ReadOnlySpan<float>(targets, targetCount);
            if (heldOutBy == null)
                return new BatchTargets(values, new ReadOnlySpan<float>(weights, weightCount)) { Divisor = divisor };
            var masked = ensemble._weights.Span.Slice(member * features.Rows, features.Rows);
            var own = 0;
            for (var row = 0; row < masked.Length; row++)
            {
                var isOwn = heldOutBy[row] != member;
                masked[row] = !isOwn ? 0 : weightCount == 0 ? 1 : weights[row];
                own += isOwn ? 1 : 0;
            }

            return new BatchTargets(values, masked) { Divisor = own * meanWeights[member] };
        }
    }

    private readonly struct Propagation(Backpropagation[] members, TrainingStep step, ThreadTeam? team, IFusedUpdate? fusedUpdate) : ITeamWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int part, int parts)
        {
            var end = ThreadTeam.Cut(members.Length, 1, part + 1, parts);
            for (var index = ThreadTeam.Cut(members.Length, 1, part, parts); index < end; index++)
                members[index].Propagate(step, team, fusedUpdate);
        }
    }
}
