// Learns a sum in F#, with the packages of a folder.

#i "nuget: FOLDER"
#r "nuget: MLNet.DenseNet, VERSION"

open System
open Microsoft.ML
open Microsoft.ML.Data
open MLNet.DenseNet

[<CLIMutable>]
type Row =
    { [<VectorType(3)>] Features: float32[]
      Label: float32 }

let random = Random(1)

let rows =
    [ for _ in 1..500 ->
          let x = Array.init 3 (fun _ -> random.NextSingle())
          { Features = x; Label = x[0] + 2.0f * x[1] - x[2] } ]

let mlContext = MLContext(seed = Nullable 1)
let split = mlContext.Data.TrainTestSplit(mlContext.Data.LoadFromEnumerable rows, testFraction = 0.2)
let options = DenseNeuralNetOptions(HiddenLayers = [| 16 |], NumberOfEpochs = 60)
let model = mlContext.Regression.Trainers.DenseNeuralNet(options).Fit split.TrainSet
let metrics = mlContext.Regression.Evaluate(model.Transform split.TestSet)

if metrics.RSquared >= 0.95 then
    printfn "R-squared as expected"
else
    printfn $"R-squared {metrics.RSquared}"
