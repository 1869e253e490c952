namespace MLNet.DenseNet.Reporting;

/// <summary>How the page looks: light or dark as the reader's system is, from a phone's width up.</summary>
internal static class ReportStyle
{
    public const string Sheet = """
        :root { --page: #f4f6fa; --card: #ffffff; --text: #1f2937; --quiet: #5b6578; --line: #e2e7ef; --good: #15803d; --mixed: #b45309; --bad: #b91c1c; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #151922; --card: #1f2430; --text: #e4e9f2; --quiet: #9aa6ba; --line: #333b4d; --good: #4ade80; --mixed: #fbbf24; --bad: #f87171; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
        main { max-width: 1240px; margin: 0 auto; padding: 1.25rem 1rem 3rem; }
        h1 { font-size: 1.6rem; margin: .25rem 0 1rem; }
        h1, h2, td { overflow-wrap: anywhere; }
        h2 { font-size: 1.05rem; margin: 0 0 .5rem; }
        h3 { font-size: .95rem; margin: .9rem 0 .25rem; }
        p { margin: .25rem 0; }
        ol { margin: .25rem 0 0; padding-left: 1.4rem; }
        section, details { margin-bottom: 1rem; }
        .verdict, .card, figure, .figures div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1rem; }
        .verdict { border-left: 6px solid var(--mood); }
        .verdict h2 { font-size: 1.3rem; color: var(--mood); }
        .good { --mood: var(--good); } .mixed { --mood: var(--mixed); } .bad { --mood: var(--bad); }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 1rem; }
        .figures div { display: flex; flex-direction: column; padding: .75rem 1rem; }
        .figures span { color: var(--quiet); font-size: .85rem; min-height: 1.2em; }
        .figures strong { font-size: 1.35rem; font-variant-numeric: tabular-nums; }
        .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 340px), 1fr)); gap: 1rem; align-items: start; }
        figure { margin: 0; min-width: 0; }
        figure img { display: block; width: 100%; height: auto; max-width: 520px; margin: 0 auto; }
        figcaption { color: var(--quiet); font-size: .85rem; margin-top: .5rem; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: left; padding: .35rem .6rem .35rem 0; border-top: 1px solid var(--line); vertical-align: top; }
        tr:first-child > * { border-top: 0; }
        .settings th { font-weight: 500; color: var(--quiet); width: 11rem; }
        .epochs th, .epochs td { text-align: right; white-space: nowrap; }
        .epochs th { color: var(--quiet); font-weight: 500; }
        .kept { font-weight: 600; }
        summary { cursor: pointer; font-weight: 600; }
        @media (max-width: 480px) { .settings th { width: 8.5rem; } .verdict, .card, figure { padding: .75rem; } }
        """;
}
