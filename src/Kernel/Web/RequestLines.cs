using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Modular.Kernel.Web;

/// <summary>One line in the log for each request, without its query: tokens may stand there.</summary>
internal sealed partial class RequestLines(RequestDelegate next, TimeProvider clock, ILogger<RequestLines> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var begun = clock.GetTimestamp();
        try
        {
            await next(http);
        }
        finally
        {
            var level = http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal) ? LogLevel.Debug : LogLevel.Information;
            Answered(level, http.Request.Method, http.Request.Path.Value ?? "", http.Response.StatusCode, clock.GetElapsedTime(begun).TotalMilliseconds);
        }
    }

    [LoggerMessage(EventId = 1, Message = "{Method} {Path} {Status} {Ms:0.0} ms")]
    private partial void Answered(LogLevel level, string method, string path, int status, double ms);
}
