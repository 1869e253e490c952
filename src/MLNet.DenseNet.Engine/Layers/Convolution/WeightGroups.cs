using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The weights of each group of filters as a matrix in panels of its own, one after the other. With a single group these are the parameter itself; with several, its panels hold columns of many groups.</summary>
internal static unsafe class WeightGroups
{
    /// <summary>Copies the columns of each group out of a matrix of all filters.</summary>
    /// <param name="weights">(rows x filters), in panels.</param>
    /// <param name="groups">(rows x filters / groups) for each group, in panels.</param>
    /// <param name="sizes">The sizes of the convolution.</param>
    public static void Divide(float* weights, float* groups, in ConvolutionSizes sizes) => Copy(weights, groups, in sizes, divides: true);

    /// <summary>Copies the columns of each group back.</summary>
    /// <inheritdoc cref="Divide"/>
    public static void Unite(float* groups, float* weights, in ConvolutionSizes sizes) => Copy(weights, groups, in sizes, divides: false);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(float* weights, float* groups, in ConvolutionSizes sizes, bool divides)
    {
        for (var filter = 0; filter < sizes.Filters; filter++)
        {
            var (group, column) = Math.DivRem(filter, sizes.GroupFilters);
            var ofAll = weights + PanelLayout.Start(sizes.FilterLength, filter);
            var ofGroup = groups + (nint)group * sizes.FilterLength * sizes.GroupFilters + PanelLayout.Start(sizes.FilterLength, column);
            var (stride, groupStride) = (PanelLayout.Stride(sizes.Filters, filter), PanelLayout.Stride(sizes.GroupFilters, column));
            for (var row = 0; row < sizes.FilterLength; row++, ofAll += stride, ofGroup += groupStride)
            {
                if (divides)
                    *ofGroup = *ofAll;
                else
                    *ofAll = *ofGroup;
            }
        }
    }
}
